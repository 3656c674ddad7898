import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BYTES_MAX,
  checkFile,
  refusalOf,
  TEMPLATE,
} from "../../../functions/page/static/csv-check.js";

const utf8 = (text) => new TextEncoder().encode(text);
const check = (text, name = "clients.csv") => {
  const head = typeof text === "string" ? utf8(text) : Uint8Array.from(text);
  return refusalOf({ name, size: head.length }, head);
};

test("the template itself can be imported, and so can what Excel makes of it", () => {
  assert.equal(check(TEMPLATE), null);
  assert.equal(check(`\ufeff${TEMPLATE.replaceAll(",", ";")}`), null);
  assert.equal(check('"Phone"\t"TIMEZONE"\r\n'), null);
  assert.equal(check("\r\n;;;\r\nline;error;timezone;phone\n"), null);
  assert.equal(check(TEMPLATE, "clients.txt"), null);
});

test("what cannot be right is refused with its reason", () => {
  assert.equal(check(""), "empty");
  assert.equal(refusalOf({ name: "a.csv", size: BYTES_MAX + 1 }, utf8(TEMPLATE)), "too_large");
  assert.equal(check(TEMPLATE, "Клиенты.XLSX"), "spreadsheet");
  assert.equal(check([0x50, 0x4b, 0x03, 0x04, 0x14], "renamed.csv"), "spreadsheet");
  assert.equal(check([0xd0, 0xcf, 0x11, 0xe0, 0xa1], "renamed.csv"), "spreadsheet");
  assert.equal(check("79000000001,Europe/Moscow\n"), "no_header");
  assert.equal(check("phone,tags\n79000000001,vip\n"), "no_header");
});

/** "вип" in Windows-1251. */
const CP1251 = [0xe2, 0xe8, 0xef];
const HEADER = [...utf8("phone,tags,timezone\n")];
const row = (tag) => [...utf8("79000000001,"), ...tag, ...utf8(",UTC\n")];

test("another encoding is told from one broken line", () => {
  assert.equal(check([0xff, 0xfe, 0x70, 0x00]), "not_utf8");
  assert.equal(check([...HEADER, ...row(CP1251), ...row(CP1251)]), "not_utf8");
  assert.equal(check([...HEADER, ...row(CP1251)]), null);
  const good = row(utf8("вип"));
  assert.equal(check([...HEADER, ...row(CP1251), ...row(CP1251), ...good, ...good]), null);
});

test("a letter that the look at the beginning cuts in two is no mistake", async () => {
  const rows = Array.from({ length: 4000 }, () => row(utf8("вип"))).flat();
  const file = new File([Uint8Array.from([...HEADER, ...rows])], "a.csv");
  assert.ok(file.size > 64 * 1024);
  assert.equal(await checkFile(file), null);
});
