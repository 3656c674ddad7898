import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultEnd,
  defaultStart,
  endPicks,
  instantOf,
  wallOf,
  wrapsMidnight,
} from "../../../functions/page/static/wall-time.js";

const at = (wall) => new Date(wall);

test("a wall clock and its instant are each other's, also across a change of the clocks", () => {
  for (const wall of ["2026-11-21T15:30", "2026-03-29T03:30", "2026-10-25T01:00"])
    assert.equal(wallOf(instantOf(wall)), wall);
  assert.equal(instantOf(""), null);
  assert.equal(instantOf("2026-13-01T00:00"), null);
  assert.equal(instantOf("soon"), null);
});

test("the end that is offered is in some hours, and not in the night", () => {
  assert.equal(wallOf(defaultEnd(at("2026-11-21T10:10"))), "2026-11-21T14:30");
  assert.equal(wallOf(defaultEnd(at("2026-11-21T18:10"))), "2026-11-21T21:00");
  assert.equal(wallOf(defaultEnd(at("2026-11-21T18:40"))), "2026-11-21T23:00");
  assert.equal(wallOf(defaultEnd(at("2026-11-21T20:40"))), "2026-11-22T01:00");
  assert.equal(wallOf(defaultStart(at("2026-11-21T10:10"))), "2026-11-21T11:30");
});

test("quick choices follow the start", () => {
  const now = at("2026-11-21T18:05");
  const named = (start) => endPicks(start, now).map(({ name, wall }) => `${name} ${wall}`);
  assert.deepEqual(named(at("2026-11-20T00:00")), [
    "hours 2026-11-21T20:05",
    "today 2026-11-21T21:00",
    "tomorrow 2026-11-22T21:00",
  ]);
  assert.deepEqual(named(at("2026-11-25T22:00")), [
    "hours 2026-11-26T00:00",
    "nextDay 2026-11-26T21:00",
  ]);
});

test("hours wrap midnight when they end before they begin", () => {
  assert.equal(wrapsMidnight("21:00", "09:00"), true);
  assert.equal(wrapsMidnight("09:00", "21:00"), false);
});
