// All text that people read comes from `words/*.js`, both languages side by side:
//
//   export default {
//     "mailings.title": { en: "Mailings", ru: "Рассылки" },
//     "mailings.count": {
//       en: { one: "{count} mailing", other: "{count} mailings" },
//       ru: { one: "{count} рассылка", few: "{count} рассылки", many: "{count} рассылок" },
//     },
//   };
//
//   const t = translator(shared, mailings);
//   t("mailings.count", { count: 5 })      the plural's form follows `count`
//
// `{count}` is written as a number of the language; all other values stand as they are.
import { language } from "./language.js";

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>>} Forms */
/** @typedef {string | Forms} Words */
/** @typedef {Record<string, { en: Words, ru: Words }>} Catalogue */
/** @typedef {Record<string, string | number>} Values */

/** @type {Map<string, Intl.PluralRules>} */
const rules = new Map();
/** @type {Map<string, Intl.NumberFormat>} */
const numbers = new Map();

/** @param {string} locale @param {number} count @returns {Intl.LDMLPluralRule} */
function formOf(locale, count) {
  const known = rules.get(locale) ?? new Intl.PluralRules(locale);
  rules.set(locale, known);
  return known.select(count);
}

/** @param {string} locale @param {number} count */
function written(locale, count) {
  const known = numbers.get(locale) ?? new Intl.NumberFormat(locale);
  numbers.set(locale, known);
  return known.format(count);
}

/**
 * @param {Words} words
 * @param {"en" | "ru"} locale
 * @param {Values} values
 */
export function fill(words, locale, values) {
  const count = values.count;
  const text =
    typeof words === "string"
      ? words
      : (words[formOf(locale, Number(count ?? 0))] ?? words.other ?? words.many ?? "");
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return name === "count" ? written(locale, Number(value)) : String(value);
  });
}

/**
 * Looks keys up in the present language; later catalogues come before earlier ones.
 * @param {...Catalogue} catalogues
 */
export function translator(...catalogues) {
  const all = /** @type {Catalogue} */ (Object.assign({}, ...catalogues));
  /** @param {string} key @param {Values} [values] @returns {string} */
  return (key, values = {}) => {
    const entry = all[key];
    if (entry === undefined) return key;
    const locale = language.get();
    return fill(entry[locale], locale, values);
  };
}
