// Light, dark, or as the system has it. `first.js` applies it before anything is drawn.
import { createStore, liking } from "./store.js";

export const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
/** @typedef {(typeof THEMES)[number]} Theme */

const NAME = "carillon.theme";

/** @returns {Theme} */
function remembered() {
  const kept = liking.read(NAME);
  return THEMES.find((each) => each === kept) ?? "auto";
}

export const theme = createStore(remembered());

/** @param {Theme} next */
export function setTheme(next) {
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  liking.write(NAME, next === "auto" ? null : next);
  theme.set(next);
}
