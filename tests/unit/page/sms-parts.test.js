// That it counts as the server does is shown by `test_sms_parts.py`; here is what only the page tells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forcing, smsParts } from "../../../functions/page/static/sms-parts.js";

test("what is left in the last part, alone and joined", () => {
  assert.equal(smsParts("").left, 160);
  assert.equal(smsParts("a".repeat(160)).left, 0);
  const two = smsParts("a".repeat(161));
  assert.deepEqual([two.parts, two.perPart, two.left], [2, 153, 153 * 2 - 161]);
});

test("a character never straddles two parts", () => {
  // 152 septets leave one free in the first part, and a euro sign takes two.
  const text = `${"a".repeat(152)}€${"a".repeat(151)}`;
  assert.deepEqual([smsParts(text).parts, smsParts(text).left], [2, 0]);
  assert.equal(smsParts(`${text}a`).parts, 3);
  assert.equal(smsParts("😀".repeat(67)).parts, 3, "33 pairs to a part of 67 units");
});

test("the characters that force UCS-2 are named once each", () => {
  assert.deepEqual(forcing("“Hi” — “you” [€]"), ["“", "”", "—"]);
  assert.deepEqual(forcing("Hello {world}\n"), []);
  assert.deepEqual(forcing("😀😀"), ["😀"]);
});
