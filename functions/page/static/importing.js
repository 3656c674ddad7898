// Where an import is, as a person sees it: what the API tells of it, and what this page does for it.

/** @typedef {import("./types.js").Import} Import */
/** @typedef {"sending" | "broken" | "starting" | "awaiting" | "running" | "finished" | "failed"} Phase */
/** @typedef {{ at: number, rows: number, bytes: number }} Sample what was done by when (ms) */

/** The pace is that of the last seconds: an import slows down and catches up. */
const PACE_MS = 15_000;

/**
 * @param {Import} found
 * @param {{ state: "sending" | "sent" | "failed" } | undefined} upload this page's
 * @returns {Phase}
 */
export function phaseOf(found, upload) {
  // Once the file is read it is there, whatever became of the answer to the upload.
  if (found.status !== "awaiting_upload") return found.status;
  if (upload === undefined) return "awaiting";
  return /** @type {const} */ ({ sending: "sending", sent: "starting", failed: "broken" })[
    upload.state
  ];
}

/** Whether nothing will change any more. @param {Import} found */
export const isOver = (found) => found.status === "finished" || found.status === "failed";

/**
 * The samples with one more, without those that are too old; one older than the pace's time stays.
 * @param {readonly Sample[]} samples
 * @param {Sample} next
 * @returns {Sample[]}
 */
export function sampled(samples, next) {
  const all = [...samples, next];
  const last = all.findLastIndex((each) => each.at <= next.at - PACE_MS);
  return all.slice(Math.max(0, last));
}

/**
 * Rows a second, and the seconds that are left; null while nobody can know.
 * @param {readonly Sample[]} samples
 * @param {number | null} bytes of the whole file
 */
export function paceOf(samples, bytes) {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) return null;
  const seconds = (last.at - first.at) / 1000;
  const done = last.bytes - first.bytes;
  if (seconds < 1 || done <= 0) return null;
  const leftS = bytes === null ? null : ((bytes - last.bytes) * seconds) / done;
  return { rowsPerS: (last.rows - first.rows) / seconds, leftS };
}
