import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bodyOf,
  changesOf,
  emptyValues,
  merged,
  mistakesIn,
  valuesOf,
} from "../../../functions/page/static/client-form.js";

const CLIENT = {
  id: "c1",
  phone: "79001234567",
  operator_code: "900",
  tags: ["new", "vip"],
  timezone: "Europe/Moscow",
  created_at: "",
  updated_at: "",
  version: 3,
};
const values = (changes) => ({ ...valuesOf(CLIENT), ...changes });

test("what a client has may be sent again, and an empty form may not", () => {
  assert.deepEqual(mistakesIn(values({})), {});
  assert.deepEqual(Object.keys(mistakesIn(emptyValues())), ["phone", "timezone"]);
});

test("each field's mistake is known", () => {
  const wrong = (changes) => Object.values(mistakesIn(values(changes)));
  assert.deepEqual(wrong({ phone: "+7 900" }), ["client.phone.wrong"]);
  assert.deepEqual(wrong({ operator_code: "90" }), ["client.code.wrong"]);
  assert.deepEqual(wrong({ operator_code: "  " }), []);
  assert.deepEqual(wrong({ timezone: "Mars/Base" }), ["client.zone.wrong"]);
  assert.deepEqual(wrong({ timezone: " " }), ["client.zone.missing"]);
  assert.deepEqual(wrong({ tags: ["ж".repeat(64)] }), []);
  assert.deepEqual(wrong({ tags: ["ж".repeat(65)] }), ["client.tags.wrong"]);
  assert.deepEqual(wrong({ tags: ["a\u0007"] }), ["client.tags.wrong"]);
  const many = Array.from({ length: 51 }, (_, index) => String(index));
  assert.deepEqual(wrong({ tags: many }), ["client.tags.many"]);
});

test("a phone is sent as the API has it, a code only if there is one", () => {
  const typed = { phone: "8 (900) 123-45-67", operator_code: "", tags: [], timezone: " UTC " };
  assert.deepEqual(bodyOf(typed), { phone: "79001234567", tags: [], timezone: "UTC" });
  assert.equal(bodyOf({ ...typed, operator_code: " 916 " }).operator_code, "916");
});

test("only what differs is sent", () => {
  const changes = (more) => changesOf(values(more), CLIENT);
  assert.deepEqual(changes({}), {});
  assert.deepEqual(changes({ tags: ["vip", "new"] }), {});
  assert.deepEqual(changes({ phone: "8 900 123 45 67" }), {});
  assert.deepEqual(changes({ tags: [] }), { tags: [] });
  assert.deepEqual(changes({ timezone: "UTC" }), { timezone: "UTC" });
  assert.deepEqual(changes({ operator_code: "916" }), { operator_code: "916" });
});

test("another phone keeps the code that the form shows, or takes its own if none is shown", () => {
  const moved = { phone: "+7 916 000-00-00" };
  assert.deepEqual(changesOf(values(moved), CLIENT), {
    phone: "79160000000",
    operator_code: "900",
  });
  assert.deepEqual(changesOf(values({ ...moved, operator_code: "" }), CLIENT), {
    phone: "79160000000",
    operator_code: null,
  });
});

test("after somebody else's change, what was typed stays and the rest is theirs", () => {
  const before = values({});
  const typed = values({ tags: ["mine"] });
  const now = values({ tags: ["theirs"], timezone: "Asia/Omsk" });
  const { values: mixed, changed } = merged(before, typed, now);
  assert.deepEqual(mixed, values({ tags: ["mine"], timezone: "Asia/Omsk" }));
  assert.deepEqual(changed, ["tags", "timezone"]);
});

test("a phone in another shape is not another phone", () => {
  const before = values({});
  const retyped = { ...before, phone: "8 900 1234567" };
  const now = values({ phone: "+7 916 000-00-00" });
  assert.equal(merged(before, retyped, now).values.phone, now.phone);
});
