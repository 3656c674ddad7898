import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { fitting } from "../../../functions/page/static/components/chips.js";
import * as format from "../../../functions/page/static/format.js";
import { language } from "../../../functions/page/static/language.js";

const plain = (text) => text.replace(/[\u00a0\u202f]/gu, " ");

beforeEach(() => language.set("en"));

test("a share is never rounded to all or nothing", () => {
  assert.equal(format.percent(0.416), "42%");
  assert.equal(format.percent(0.9999), "99%");
  assert.equal(format.percent(0.0001), "1%");
  assert.deepEqual([format.percent(0), format.percent(1)], ["0%", "100%"]);
});

test("durations are told by their two largest units", () => {
  const told = (seconds) => plain(format.duration(seconds));
  assert.equal(told(0), "0 secs");
  assert.equal(told(59.6), "1 min");
  assert.equal(told(3_905), "1 hr 5 mins");
  assert.equal(told(90_061), "1 day 1 hr");
  language.set("ru");
  assert.equal(told(3_905), "1 ч 5 мин");
});

test("times near are told by their distance", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const told = (instant) => format.relative(instant, now);
  assert.equal(told("2026-11-21T12:00:20Z"), "now");
  assert.equal(told("2026-11-21T12:05:00Z"), "in 5 minutes");
  assert.equal(told("2026-11-21T10:00:00Z"), "2 hours ago");
  assert.equal(told("2026-11-24T12:00:00Z"), "in 3 days");
  language.set("ru");
  assert.equal(told("2026-11-21T12:05:00Z"), "через 5 минут");
});

test("a zone is named with its offset of that time", () => {
  assert.equal(format.zoneName("Europe/Moscow", new Date("2026-11-21")), "Europe/Moscow, GMT+3");
  assert.equal(format.zoneName("Europe/Berlin", new Date("2026-07-01")), "Europe/Berlin, GMT+2");
});

test("the year is told when it is another one", () => {
  const now = new Date(2026, 10, 21);
  assert.equal(plain(format.shortDateTime(new Date(2026, 2, 5, 9, 7), now)), "5 Mar, 09:07");
  assert.equal(plain(format.shortDateTime(new Date(2025, 2, 5, 9, 7), now)), "5 Mar 2025, 09:07");
});

test("phones and sizes", () => {
  assert.equal(format.phone("79001234567"), "+7 900 123-45-67");
  assert.equal(format.phone("123"), "123");
  assert.equal(plain(format.bytes(1_400_000)), "1.4 MB");
  assert.equal(plain(format.bytes(0)), "0 byte");
});

test("suggestions that begin with the text come first, chosen ones not at all", () => {
  const all = ["vip", "old-vip", "Victor", "new"].map((value) => ({ value, clients: 1 }));
  const values = (text, chosen = []) => fitting(all, text, chosen).map((each) => each.value);
  assert.deepEqual(values("vi"), ["vip", "Victor", "old-vip"]);
  assert.deepEqual(values("VI", ["vip"]), ["Victor", "old-vip"]);
  assert.deepEqual(values(""), ["vip", "old-vip", "Victor", "new"]);
});
