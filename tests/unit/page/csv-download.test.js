import assert from "node:assert/strict";
import { test } from "node:test";
import { collected } from "../../../functions/page/static/components/csv-download.js";

async function* pages(...texts) {
  for (const text of texts) yield { text, rows: text.split("\r\n").length - 1 };
}

test("pages are joined as they came, and the header is no row", async () => {
  const told = [];
  const all = await collected(pages("a,b\r\n1,2\r\n", "", "3,4\r\n5,6\r\n"), (rows) =>
    told.push(rows),
  );
  assert.equal(all.texts.join(""), "a,b\r\n1,2\r\n3,4\r\n5,6\r\n");
  assert.equal(all.rows, 3);
  assert.deepEqual(told, [1, 1, 3]);
});

test("an empty export has no rows", async () => {
  assert.equal((await collected(pages("a,b\r\n"), () => {})).rows, 0);
  assert.equal((await collected(pages(), () => {})).rows, 0);
});
