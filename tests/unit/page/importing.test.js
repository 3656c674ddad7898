import assert from "node:assert/strict";
import { test } from "node:test";
import { saidOf } from "../../../functions/page/static/import-words.js";
import { isOver, paceOf, phaseOf, sampled } from "../../../functions/page/static/importing.js";
import { language } from "../../../functions/page/static/language.js";

const awaiting = { status: "awaiting_upload" };

test("while its file is awaited, an import is where this page's upload is", () => {
  assert.equal(phaseOf(awaiting, undefined), "awaiting");
  assert.equal(phaseOf(awaiting, { state: "sending" }), "sending");
  assert.equal(phaseOf(awaiting, { state: "failed" }), "broken");
  assert.equal(phaseOf(awaiting, { state: "sent" }), "starting");
});

test("once it is read, the API alone says where it is, even if the upload's answer was lost", () => {
  for (const status of ["running", "finished", "failed"]) {
    assert.equal(phaseOf({ status }, { state: "failed" }), status);
    assert.equal(isOver({ status }), status !== "running");
  }
});

test("the pace is that of the last seconds", () => {
  let samples = [];
  for (let second = 0; second <= 60; second += 1) {
    const rows = second < 40 ? second * 10 : 400 + (second - 40) * 1000;
    samples = sampled(samples, { at: second * 1000, rows, bytes: rows * 50 });
  }
  assert.equal(samples.length, 16);
  const pace = paceOf(samples, 2_000_000);
  assert.equal(pace.rowsPerS, 1000);
  assert.equal(pace.leftS, (2_000_000 - 20_400 * 50) / 50_000);
});

test("nobody knows the pace at once, nor what is left of a file of unknown size", () => {
  const first = { at: 0, rows: 0, bytes: 0 };
  assert.equal(paceOf([], 100), null);
  assert.equal(paceOf([first], 100), null);
  assert.equal(paceOf([first, { at: 5000, rows: 0, bytes: 0 }], 100), null);
  assert.equal(paceOf([first, { at: 5000, rows: 10, bytes: 50 }], null).leftS, null);
});

test("reasons are said in the language, several of one line one after the other", () => {
  const both =
    "the operator code must be three digits; the time zone must be an IANA name such as Europe/Moscow";
  const cells =
    "there are more cells than columns: put tags in quotes, or separate them by | where ; separates cells";
  language.set("ru");
  assert.equal(
    saidOf(both),
    "Код оператора — три цифры; часовой пояс — имя из базы IANA, например Europe/Moscow",
  );
  assert.match(saidOf(cells), /^Ячеек больше, чем столбцов/);
  assert.equal(
    saidOf("“Телефон” is no column; known are phone, operator_code, tags, timezone"),
    "Столбца «Телефон» не бывает; известны: phone, operator_code, tags, timezone",
  );
  assert.equal(saidOf("something new"), "Something new");
  language.set("en");
  assert.equal(saidOf("the phone is missing"), "The phone is missing");
});
