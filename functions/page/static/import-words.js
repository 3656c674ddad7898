// What the importer says of a line or of a whole file, in the present language.
import { language } from "./language.js";
import { SENTENCES } from "./words/import.js";

/** Between two mistakes of one line; one of the sentences holds a `;` with a space before it. */
const BETWEEN = /(?<=\S); /;

/** @param {string} sentence */
function translated(sentence) {
  for (const [pattern, words] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return words.replace(/\$(\d)/g, (_, index) => found[Number(index)] ?? "");
  }
  return sentence;
}

/** One sentence or several, with a capital. @param {string} message */
export function saidOf(message) {
  const whole = /^(“|a column has)/.test(message); // a file's: with a `;` of its own
  const parts = whole ? [message] : message.split(BETWEEN);
  const words = language.get() === "ru" ? parts.map(translated) : parts;
  const text = words.join("; ");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
