// Every error in human words, in the present language.
//
//   const { title, detail, retry } = explain(error)
//   const byField = fieldProblems(error)          { phone: "…", "filter.tags.0": "…" }
import { ApiError, Offline, SessionEnded } from "./faults.js";
import { language } from "./language.js";
import problems, { MISTAKES } from "./words/problems.js";
import { translator } from "./words.js";

const t = translator(problems);

/** What our API, or AWS before it, means by a status whose kind nobody told. */
const BY_STATUS = new Map([
  [400, "malformed"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not-found"],
  [409, "state-forbids"],
  [412, "version-mismatch"],
  [413, "body-too-large"],
  [422, "invalid-value"],
  [429, "throttled"],
  [500, "internal"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "unavailable"],
]);

/** Where the server's own sentence says more than ours. */
const TELLING = new Set(["state-forbids", "malformed", "invalid-value"]);

/**
 * @typedef {object} Explained
 * @property {string} title what happened, in a few words
 * @property {string} detail what to do, in a sentence; may be empty
 * @property {boolean} retry whether the same again may succeed
 */

/** @param {unknown} error @returns {Explained} */
export function explain(error) {
  if (error instanceof Offline) return said(`problem.${error.kind}`, true);
  if (error instanceof SessionEnded) return said("problem.session", false);
  if (!(error instanceof ApiError)) return said("problem.unexpected", true);
  const kind = problems[`problem.${error.kind}`] ? error.kind : BY_STATUS.get(error.status);
  if (kind === undefined) {
    // Ours to learn: until then the server's own words.
    return { title: error.title || `HTTP ${error.status}`, detail: error.detail, retry: true };
  }
  const { title, detail, retry } = said(`problem.${kind}`, error.status >= 429);
  const telling = TELLING.has(kind) ? mistake(error.detail) : "";
  return { title, detail: telling || detail, retry };
}

/** @param {string} key @param {boolean} retry @returns {Explained} */
function said(key, retry) {
  return { title: t(key), detail: t(`${key}.do`), retry };
}

/** The server's words for each field that it did not like. @param {unknown} error @returns {Record<string, string>} */
export function fieldProblems(error) {
  const fields = error instanceof ApiError ? error.fields : [];
  return Object.fromEntries(fields.map(({ field, message }) => [field, mistake(message)]));
}

/**
 * A sentence of the server in the present language; one that nobody translated stays as it is.
 * @param {string} sentence
 */
export function mistake(sentence) {
  if (language.get() === "en") return sentence;
  for (const [pattern, words] of MISTAKES) {
    const found = pattern.exec(sentence);
    if (found) return words.replace(/\$(\d)/g, (_, index) => found[Number(index)] ?? "");
  }
  return sentence;
}
