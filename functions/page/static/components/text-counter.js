// Below a text that is typed: how long it is, in which alphabet it travels and why, and how many SMS
// parts that makes.
import { number } from "../format.js";
import { html } from "../html.js";
import { lengthOf } from "../mailing-rules.js";
import { forcing, smsParts } from "../sms-parts.js";
import own from "../words/mailing-preview.js";
import { translator } from "../words.js";

const t = translator(own);
/** More of them are a language, not a slip. */
const NAMED_MAX = 4;

/** @param {string} character as it is shown, or its name when it cannot be seen */
function named(character) {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  const name = t(`count.${code}`);
  return name === `count.${code}` ? `U+${code.toUpperCase().padStart(4, "0")}` : name;
}

/** Why it is UCS-2; empty when it is not. @param {string} text */
function reason(text) {
  const characters = forcing(text);
  if (characters.length === 0) return "";
  if (characters.length > NAMED_MAX) return t("count.forced.many");
  const shown = characters.map(named);
  if (shown.length === 1) return t("count.forced.one", { list: shown.join() });
  const list = t("count.and", { first: shown.slice(0, -1).join(" "), last: shown.at(-1) ?? "" });
  return t("count.forced.few", { list });
}

/** @param {{ text: string }} props */
export function TextCounter({ text }) {
  const { encoding, parts, perPart, left } = smsParts(text);
  const why = reason(text);
  return html`<div class="counter">
    <span class="counter-line">
      <span>${t("count.characters", { count: lengthOf(text) })}</span>
      <span>${t(`count.${encoding}`)}, ${t("count.perPart", { number: number(perPart) })}</span>
      <span><b>${t("count.parts", { count: parts })}</b>, ${t("count.left", { number: number(left) })}</span>
    </span>
    ${why && html`<span class="counter-why">${why}</span>`}
  </div>`;
}
