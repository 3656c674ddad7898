import assert from "node:assert/strict";
import { test } from "node:test";
import { language } from "../../../functions/page/static/language.js";
import {
  allZones,
  clockIn,
  fittingZones,
  isZone,
  offsetOf,
} from "../../../functions/page/static/zones.js";

const AT = new Date("2026-11-21T12:00:00Z");

test("a zone has its own clock, and one that nobody knows has none", () => {
  assert.equal(clockIn("Asia/Vladivostok", AT), "22:00");
  assert.equal(offsetOf("Asia/Vladivostok", AT), "GMT+10");
  assert.equal(clockIn("Mars/Base", AT), null);
  assert.ok(isZone("UTC"));
  assert.ok(!isZone("Mars/Base"));
});

test("a zone is found by its city, by any part of its name, and in the language's words", () => {
  const zones = allZones();
  assert.equal(new Set(zones).size, zones.length);
  assert.ok(zones.includes("UTC"));
  assert.deepEqual(fittingZones(zones, "yek", 5), ["Asia/Yekaterinburg"]);
  assert.equal(fittingZones(zones, "europe mos", 5)[0], "Europe/Moscow");
  assert.equal(fittingZones(zones, "", 13).length, 13);
  assert.equal(fittingZones(zones, "", 13)[1], "Europe/Moscow");
  language.set("ru");
  assert.deepEqual(fittingZones(zones, "екат", 5), ["Asia/Yekaterinburg"]);
  language.set("en");
});
