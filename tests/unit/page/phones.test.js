import assert from "node:assert/strict";
import { test } from "node:test";
import { isPhone, operatorCodeOf, phoneOf } from "../../../functions/page/static/phones.js";

test("a phone is understood in every shape that people paste", () => {
  const shapes = [
    "79001234567",
    "+79001234567",
    "+7 (900) 123-45-67",
    "8 900 123 45 67",
    "8(900)1234567",
    "900 123-45-67",
    " 7.900.123.45.67 ",
    "007 900 123 45 67",
    "+7\u00a0900\u2009123‑45–67",
    "\u202a+79001234567\u202c",
  ];
  for (const each of shapes) assert.equal(phoneOf(each), "79001234567", each);
});

test("what is no whole number of ours is none", () => {
  const others = [
    "",
    "900",
    "+7 900 123-45-6",
    "8 900 123-45-6",
    "+1 900 123 4567",
    "79001234567a",
  ];
  for (const each of [...others, "7900123456789", "٧٩٠٠١٢٣٤٥٦٧"])
    assert.equal(phoneOf(each), null, each);
  assert.ok(isPhone("79001234567"));
  assert.ok(!isPhone("89001234567"));
});

test("the code is taken from behind the seven", () => {
  assert.equal(operatorCodeOf("79161234567"), "916");
});
