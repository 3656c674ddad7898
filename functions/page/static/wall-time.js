// Times as people enter them: on the clock of their machine (`2026-11-21T15:30`, what
// `<input type="datetime-local">` holds), and the few that are mostly meant.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** When a day of writing to people ends. */
const EVENING_H = 21;
const DEFAULT_HOURS = 4;
/** With less left of the evening, a start in an hour would leave hardly any time. */
const EVENING_LEFT_MS = 2.5 * HOUR_MS;
const STEP_MS = 30 * MINUTE_MS;

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");

/** An instant on the wall clock, to the minute. @param {Date} at */
export function wallOf(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant of a wall clock, or null when it is none. @param {string} wall */
export function instantOf(wall) {
  const at = new Date(/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(wall) ? wall : Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** That many days later, in the evening. @param {Date} from @param {number} days */
function evening(from, days) {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, EVENING_H);
}

/** The next full step at or after. @param {number} ms */
const rounded = (ms) => new Date(Math.ceil(ms / STEP_MS) * STEP_MS);

/** Some hours from now, and not into the night unless it is late already. @param {Date} now */
export function defaultEnd(now) {
  const later = rounded(now.getTime() + DEFAULT_HOURS * HOUR_MS);
  const tonight = evening(now, 0);
  return tonight < later && tonight.getTime() - now.getTime() >= EVENING_LEFT_MS ? tonight : later;
}

/** An hour's time to look at it first. @param {Date} now */
export function defaultStart(now) {
  return rounded(now.getTime() + HOUR_MS);
}

/**
 * Ends that are mostly meant. `today` and `tomorrow` become `sameDay` and `nextDay` when it starts
 * on another day than today.
 * @param {Date} start
 * @param {Date} now
 * @returns {{ name: "hours" | "today" | "tomorrow" | "sameDay" | "nextDay", wall: string }[]}
 */
export function endPicks(start, now) {
  const from = start > now ? start : now;
  const today = wallOf(from).slice(0, 10) === wallOf(now).slice(0, 10);
  const tonight = evening(from, 0);
  /** @type {ReturnType<typeof endPicks>} */
  const picks = [{ name: "hours", wall: wallOf(new Date(from.getTime() + 2 * HOUR_MS)) }];
  if (tonight > from) picks.push({ name: today ? "today" : "sameDay", wall: wallOf(tonight) });
  picks.push({ name: today ? "tomorrow" : "nextDay", wall: wallOf(evening(from, 1)) });
  return picks;
}

/** Whether these hours go past midnight; `09:00` and the like compare as texts. @param {string} from @param {string} to */
export const wrapsMidnight = (from, to) => to < from;
