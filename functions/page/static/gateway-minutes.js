// The last hour of the gateway's calls, put together for the eye.

/** @typedef {import("./types.js").Gateway["minutes"][number]} Minute */

const MINUTE_MS = 60_000;
export const MINUTES = 60;

/** Calls that were not accepted. @param {Minute} minute */
export const failedIn = ({ refused, retried }) => refused + retried;

/** @param {Minute[]} minutes */
export function sums(minutes) {
  const calls = minutes.reduce((sum, each) => sum + each.calls, 0);
  const failed = minutes.reduce((sum, each) => sum + failedIn(each), 0);
  return { calls, failed, most: Math.max(0, ...minutes.map((each) => each.calls)) };
}

/**
 * One place for each minute of the hour until `now`, oldest first; quiet ones are null.
 * @param {Minute[]} minutes
 * @param {Date} now
 * @returns {(Minute | null)[]}
 */
export function hour(minutes, now) {
  const last = Math.floor(now.getTime() / MINUTE_MS);
  const byMinute = new Map(
    minutes.map((each) => [Math.floor(Date.parse(each.minute) / MINUTE_MS), each]),
  );
  return Array.from(
    { length: MINUTES },
    (_, index) => byMinute.get(last - MINUTES + 1 + index) ?? null,
  );
}

/** The last minute in which there were calls: how it answers lately. @param {Minute[]} minutes */
export const lately = (minutes) => minutes.filter((each) => each.calls > 0).at(-1) ?? null;
