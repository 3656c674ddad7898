// The timeline as a chart needs it: without holes, and with no more points than there is room for.

/** @typedef {import("../types.js").Minute} Minute */
/** @typedef {{ at: number, sent: number, failed: number, retried: number }} Point in messages per minute; `at` in s */

const MINUTE_S = 60;
const POINTS_MAX = 120;
/** How many minutes one point may stand for. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440];

/**
 * From the first minute to the last, quiet ones included; each point is the average over `step`
 * minutes. What may or may not have arrived, and what came too late, counts as failed.
 * @param {readonly Minute[]} timeline oldest first
 * @param {Date | null} until the present while the mailing goes on, so that silence is seen
 * @returns {{ step: number, points: Point[] }}
 */
export function pointsOf(timeline, until) {
  const first = timeline[0];
  const last = timeline.at(-1);
  if (first === undefined || last === undefined) return { step: 1, points: [] };
  const from = secondsOf(first.minute);
  const to = Math.max(secondsOf(last.minute), until ? secondsOf(until) : 0);
  const minutes = Math.floor((to - from) / MINUTE_S) + 1;
  const step =
    STEPS.find((each) => minutes / each <= POINTS_MAX) ?? Math.ceil(minutes / POINTS_MAX);
  const points = Array.from({ length: Math.ceil(minutes / step) }, (_, index) => ({
    at: from + index * step * MINUTE_S,
    sent: 0,
    failed: 0,
    retried: 0,
  }));
  for (const each of timeline) {
    const point = points[Math.floor((secondsOf(each.minute) - from) / (step * MINUTE_S))];
    if (point === undefined) continue;
    point.sent += each.sent / step;
    point.failed += (each.failed + each.unknown + each.expired) / step;
    point.retried += each.retried / step;
  }
  return { step, points };
}

/** @param {string | Date} instant */
const secondsOf = (instant) => Math.floor(new Date(instant).getTime() / 1000);
