// How quickly a mailing's messages are dealt with, and how long the rest will take: from the
// minutes of its timeline, so that it is known as soon as somebody looks.

/** @typedef {import("../types.js").Minute} Minute */

const MINUTE_MS = 60_000;
/** Long enough to be calm, short enough to follow a gateway that has become slow. */
const WINDOW_MS = 3 * MINUTE_MS;
/** Of less time than that nothing can be said. */
const SEEN_MS_MIN = 10_000;

/** What came to an end in a minute, well or not. @param {Minute} minute */
export const dealtWith = (minute) => minute.sent + minute.failed + minute.unknown + minute.expired;

/**
 * Messages per minute over the last minutes, or null when it is too early to say. Minutes before
 * the first in which something happened are not counted: it may have been paused until then.
 * @param {readonly Minute[]} timeline oldest first
 * @param {Date} now
 * @param {(minute: Minute) => number} [of]
 */
export function perMinute(timeline, now, of = dealtWith) {
  const since = now.getTime() - WINDOW_MS;
  const recent = timeline.filter((each) => new Date(each.minute).getTime() > since - MINUTE_MS / 2);
  const first = recent.find((each) => of(each) > 0);
  if (first === undefined) return 0;
  const seenMs = now.getTime() - new Date(first.minute).getTime();
  if (seenMs < SEEN_MS_MIN) return null;
  const done = recent.reduce((sum, each) => sum + of(each), 0);
  return (done * MINUTE_MS) / seenMs;
}

/**
 * Seconds that the pending ones will take, or null when nobody can know.
 * @param {number} pending
 * @param {number | null} rate messages per minute
 */
export function secondsLeft(pending, rate) {
  return rate === null || rate <= 0 || pending === 0 ? null : (pending / rate) * 60;
}
