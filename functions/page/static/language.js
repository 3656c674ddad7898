// English or Russian: by the browser's wish, or by hand.
import { createStore, liking } from "./store.js";

export const LANGUAGES = /** @type {const} */ (["en", "ru"]);
/** @typedef {(typeof LANGUAGES)[number]} Language */

const NAME = "carillon.language";

/** @param {readonly string[]} wishes the browser's, such as `["ru-RU", "en"]` @returns {Language} */
export function preferred(wishes) {
  const known = wishes.map((each) => LANGUAGES.find((one) => one === each.slice(0, 2)));
  return known.find((each) => each !== undefined) ?? "en";
}

/** @returns {Language} */
function remembered() {
  const kept = liking.read(NAME);
  return (
    LANGUAGES.find((each) => each === kept) ?? preferred(globalThis.navigator?.languages ?? [])
  );
}

export const language = createStore(remembered());

/** @param {Language} next */
export function setLanguage(next) {
  liking.write(NAME, next);
  document.documentElement.lang = next;
  language.set(next);
}
