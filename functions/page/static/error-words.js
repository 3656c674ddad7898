// What the gateway's trouble means, and what to do about it: the stable phrases of
// `policy/answers.py` in human words.

import own from "./words/errors.js";
import { translator } from "./words.js";

const t = translator(own);

/** The first that fits. @type {ReadonlyArray<readonly [RegExp, string]>} */
const KINDS = [
  [/^HTTP (400|422)\b/, "refused"],
  [/^HTTP (401|403)\b/, "token"],
  [/^HTTP 429\b/, "tooMany"],
  [/^HTTP (408|425)\b/, "busy"],
  [/^HTTP 4\d\d\b/, "address"],
  [/^HTTP 3\d\d\b/, "moved"],
  [/^HTTP 5\d\d\b/, "broken"],
  [/^HTTP 2\d\d\b/, "strange"],
  [/^answer too large$/, "strange"],
  [/^timeout while connecting$/, "unreachable"],
  [/^timeout$/, "timeout"],
  [/^no connection$/, "unreachable"],
  [/^name not found$/, "name"],
  [/^no secure connection$/, "tls"],
  [/^connection broken$/, "cut"],
  [/^not called$/, "notCalled"],
];
/** Nobody answered at all. */
const SILENT = new Set(["unreachable", "timeout", "name", "tls", "cut"]);

/** @param {string} error @returns {string | null} */
export function kindOf(error) {
  return KINDS.find(([pattern]) => pattern.test(error))?.[1] ?? null;
}

/** Whether it was silence rather than an answer. @param {string} error */
export const isSilence = (error) => SILENT.has(kindOf(error) ?? "");

/**
 * In the present language; a phrase that nobody put into words stays as it is.
 * @param {string} error
 * @returns {{ title: string, todo: string, code: string | null }} `code` is the phrase itself, for who knows it
 */
export function errorWords(error) {
  const kind = kindOf(error);
  if (kind === null) return { title: error, todo: "", code: null };
  return { title: t(`error.${kind}`), todo: t(`error.${kind}.do`), code: error };
}
