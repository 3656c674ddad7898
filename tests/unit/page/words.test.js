import assert from "node:assert/strict";
import { test } from "node:test";
import { language, preferred } from "../../../functions/page/static/language.js";
import { fill, translator } from "../../../functions/page/static/words.js";

const people = {
  en: { one: "{count} person", other: "{count} people" },
  ru: { one: "{count} человек", few: "{count} человека", many: "{count} человек" },
};

test("a plural's form follows the count, in each language", () => {
  const said = (locale, count) => fill(people[locale], locale, { count });
  assert.deepEqual(
    [1, 2, 5].map((count) => said("en", count)),
    ["1 person", "2 people", "5 people"],
  );
  assert.deepEqual(
    [1, 2, 5, 11, 21, 22].map((count) => said("ru", count)),
    ["1 человек", "2 человека", "5 человек", "11 человек", "21 человек", "22 человека"],
  );
});

test("a count is written as the language writes numbers, other values stand as they are", () => {
  assert.equal(fill("{count} of {total}", "en", { count: 12345, total: 67890 }), "12,345 of 67890");
  assert.equal(fill("{count}", "ru", { count: 12345 }).replace(/\s/u, "_"), "12_345");
});

test("what is missing is seen, and does not break the page", () => {
  assert.equal(fill("of {whom}", "en", {}), "of {whom}");
  assert.equal(translator({})("no.such.key"), "no.such.key");
});

test("the words follow the language", () => {
  const t = translator({ hi: { en: "Hello {who}", ru: "Привет, {who}" } });
  language.set("en");
  assert.equal(t("hi", { who: "Ann" }), "Hello Ann");
  language.set("ru");
  assert.equal(t("hi", { who: "Ann" }), "Привет, Ann");
  language.set("en");
});

test("the first wish that we can fulfil decides, English if there is none", () => {
  assert.equal(preferred(["de-DE", "ru-RU", "en"]), "ru");
  assert.equal(preferred(["en-US", "ru"]), "en");
  assert.equal(preferred(["fr"]), "en");
  assert.equal(preferred([]), "en");
});
