import assert from "node:assert/strict";
import { test } from "node:test";
import { hour, lately, sums } from "../../../functions/page/static/gateway-minutes.js";
import {
  bodyOf,
  changed,
  formOf,
  NOW,
  newForm,
  patchOf,
  previewOf,
  rebased,
} from "../../../functions/page/static/mailing-bodies.js";
import {
  ALL_FIELDS,
  doubts,
  editable,
  fieldAt,
  mistakes,
  startsNow,
} from "../../../functions/page/static/mailing-rules.js";
import { phoneOf } from "../../../functions/page/static/phone-input.js";

const now = new Date("2026-11-21T10:00");
const good = { ...newForm(now), text: "Hello" };
const wrong = (changes, fields = ALL_FIELDS) =>
  Object.fromEntries(
    Object.entries(mistakes({ ...good, ...changes }, { now, fields })).map(([name, { key }]) => [
      name,
      key,
    ]),
  );

test("a new form only lacks its text", () => {
  assert.deepEqual(wrong({}), {});
  assert.deepEqual(wrong({ text: "" }), { text: "text" });
});

test("each rule of the API is told at its field", () => {
  assert.deepEqual(wrong({ text: " \n" }), { text: "blank" });
  assert.deepEqual(wrong({ text: "😀".repeat(1000) }), {}, "characters are counted, not units");
  assert.deepEqual(wrong({ text: "a".repeat(1001) }), { text: "long" });
  assert.deepEqual(wrong({ codes: ["900", "90"] }), { "filter.operator_codes": "code" });
  assert.deepEqual(wrong({ tags: ["a".repeat(65)] }), { "filter.tags": "tag" });
  assert.deepEqual(wrong({ tags: Array.from({ length: 51 }, (_, n) => `${n}`) }), {
    "filter.tags": "many",
  });
  assert.deepEqual(wrong({ start: "at", startsAt: "" }), { starts_at: "date" });
  assert.deepEqual(wrong({ endsAt: "2026-11-21T09:59" }), { ends_at: "past" });
  assert.deepEqual(wrong({ start: "at", startsAt: good.endsAt }), { ends_at: "beforeStart" });
  assert.deepEqual(wrong({ hours: true, to: "" }), { time_window: "hours" });
  assert.deepEqual(wrong({ hours: true, to: "09:00" }), { time_window: "sameHours" });
  assert.deepEqual(wrong({ codes: ["9"], endsAt: "" }, ["ends_at"]), { ends_at: "date" });
});

test("what is allowed and yet doubtful", () => {
  assert.deepEqual(doubts({ ...good, start: "at", startsAt: "2026-11-21T09:00" }, now), [
    "startsInPast",
  ]);
  assert.deepEqual(doubts({ ...good, endsAt: "2026-11-21T10:10" }, now), ["endsSoon"]);
  assert.deepEqual(doubts(good, now), []);
  assert.equal(startsNow(good, now), true);
  assert.equal(startsNow({ ...good, start: "at", startsAt: "2026-11-21T09:00" }, now), true);
  assert.equal(startsNow({ ...good, start: "at", startsAt: "2026-11-21T10:01" }, now), false);
});

test("the same form makes the same body, however late it is sent again", () => {
  assert.equal(bodyOf(good).starts_at, NOW);
  assert.equal(bodyOf(good).time_window, null);
  assert.equal(JSON.stringify(bodyOf(good)), JSON.stringify(bodyOf({ ...good })));
});

test("a preview is asked with what is right so far", () => {
  const form = { ...good, codes: ["9"], tags: ["vip"], endsAt: "", hours: true };
  assert.deepEqual(previewOf(form, mistakes(form, { now })), {
    filter: { tags: ["vip"], operator_codes: [] },
    time_window: { start: "09:00", end: "21:00" },
  });
});

const mailing = {
  text: "Hello",
  filter: { tags: ["vip"], operator_codes: [] },
  starts_at: "2026-11-22T10:00:30.500Z",
  ends_at: "2026-11-22T12:00:00.000Z",
  time_window: null,
};

test("only what differs is sent: a start with seconds stays as it is", () => {
  const before = formOf(mailing);
  assert.deepEqual(patchOf(before, { ...before }), {});
  assert.deepEqual(patchOf(before, { ...before, text: "Bye", hours: true }), {
    text: "Bye",
    time_window: { start: "09:00", end: "21:00" },
  });
  assert.deepEqual(patchOf(before, { ...before, start: "now" }), { starts_at: NOW });
  assert.deepEqual(patchOf(before, { ...before, codes: ["900"] }), {
    filter: { tags: ["vip"], operator_codes: ["900"] },
  });
  assert.deepEqual(changed({ ...before, hours: true }, before), ["time_window"]);
});

test("what was typed is put over what somebody else has changed, where it still may be", () => {
  const base = formOf(mailing);
  const theirs = { ...base, text: "Theirs", endsAt: "2026-11-23T12:00" };
  const mine = { ...base, text: "Mine", tags: ["loyal"] };
  const before = rebased({ base, theirs, mine, fields: editable("scheduled") });
  assert.deepEqual(
    [before.text, before.tags, before.endsAt],
    ["Mine", ["loyal"], "2026-11-23T12:00"],
  );
  const running = rebased({ base, theirs, mine, fields: editable("running") });
  assert.deepEqual([running.text, running.tags], ["Mine", ["vip"]]);
});

test("the server's mistakes find their fields", () => {
  assert.equal(fieldAt("filter.tags.3"), "filter.tags");
  assert.equal(fieldAt("time_window.start"), "time_window");
  assert.equal(fieldAt("Idempotency-Key"), null);
  assert.deepEqual(editable("finished"), []);
});

test("a phone is read as people write it", () => {
  for (const typed of ["79000000001", "+7 (900) 000-00-01", "8 900 000 00 01"])
    assert.equal(phoneOf(typed), "79000000001");
  for (const typed of ["", "9000000001", "790000000012", "+1 900 000 00 01", "7900000000a"])
    assert.equal(phoneOf(typed), null);
});

test("the gateway's hour has a place for each minute", () => {
  const minute = (time, calls, refused = 0, retried = 0) => ({
    minute: time,
    calls,
    refused,
    retried,
  });
  const minutes = [minute("2026-11-21T09:00:00Z", 4, 1, 1), minute("2026-11-21T09:59:00Z", 6)];
  const places = hour(minutes, new Date("2026-11-21T09:59:30Z"));
  assert.equal(places.length, 60);
  assert.deepEqual([places[0]?.calls, places[59]?.calls, places[30]], [4, 6, null]);
  assert.deepEqual(sums(minutes), { calls: 10, failed: 2, most: 6 });
  assert.equal(lately(minutes)?.calls, 6);
  assert.equal(lately([]), null);
});
