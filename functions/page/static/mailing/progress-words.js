// One sentence that says what is happening with a mailing now, and what comes next.
import { isSilence } from "../error-words.js";
import { duration, number, relative, shortDateTime, time } from "../format.js";
import own from "../words/progress.js";
import { translator } from "../words.js";
import { hasEnded } from "./allowed.js";
import { perMinute, secondsLeft } from "./pace.js";

const t = translator(own);

/**
 * @typedef {object} Seen
 * @property {import("../types.js").Mailing} mailing
 * @property {import("../types.js").MailingStatistics} statistics
 * @property {import("../types.js").Gateway | null} gateway null when nobody could tell
 * @property {readonly string[]} openings of local hours still to come, earliest first
 * @property {number | null} recipients of one that is planned; null when not known
 */
/** @typedef {"planned" | "busy" | "waits" | "trouble" | "done"} Tone */
/** @typedef {{ tone: Tone, text: string }} Said */

/** @param {Seen} seen @param {Date} now @returns {Said} */
export function progressWords(seen, now) {
  switch (seen.mailing.status) {
    case "scheduled":
      return planned(seen, now);
    case "running":
      return running(seen, now);
    case "paused":
      return paused(seen, now);
    case "finished":
      return finished(seen, now);
    default:
      return cancelled(seen);
  }
}

/**
 * Messages per minute and seconds left, or null where an honest answer is not possible: while
 * nothing is sent, while some wait for their hours, while the gateway is down.
 * @param {Seen} seen
 * @param {Date} now
 */
export function outlook({ mailing, statistics, gateway, openings }, now) {
  if (mailing.status !== "running" || hasEnded(mailing, now)) return { rate: null, left: null };
  const rate = perMinute(statistics.timeline, now);
  const unknowable = openings.length > 0 || gateway?.status === "down";
  return { rate, left: unknowable ? null : secondsLeft(statistics.counts.pending, rate) };
}

/** @param {Seen} seen @param {Date} now @returns {Said} */
function planned({ mailing, recipients }, now) {
  if (hasEnded(mailing, now)) return said("waits", "progress.closing");
  if (new Date(mailing.starts_at) <= now) return said("busy", "progress.choosing");
  const values = { soon: relative(mailing.starts_at, now), at: at(mailing.starts_at, now) };
  return recipients === null
    ? said("planned", "progress.planned", values)
    : said("planned", "progress.planned.for", { ...values, count: recipients });
}

/** @param {Seen} seen @param {Date} now @returns {Said} */
function running(seen, now) {
  const { mailing, statistics, gateway, openings } = seen;
  const { pending, total } = statistics.counts;
  if (hasEnded(mailing, now)) return said("waits", "progress.closing");
  if (total === 0) return said("busy", "progress.choosing");
  if (pending === 0) return said("busy", "progress.finishing", { count: total });
  const until = clock(mailing.ends_at, now);
  if (isAsleep(seen, now))
    return said("waits", "progress.hours", { count: pending, at: at(openings[0] ?? "", now) });
  const still = perMinute(statistics.timeline, now) === 0;
  const tried = hasRetries(seen, now);
  // Others may fare better with a gateway that is only troubled; this one has nothing but retries.
  if (gateway?.status === "down" || (gateway?.status === "troubled" && still && tried)) {
    const silent = isSilence(gateway.last_error ?? "");
    const key = silent ? "progress.outage.silent" : "progress.outage.errors";
    return said("trouble", key, { count: pending, until });
  }
  if (still && tried) return said("trouble", "progress.stuck", { count: pending, until });
  return sending(seen, now);
}

/** Whether nothing happens because all that is left waits for its hours. @param {Seen} seen @param {Date} now */
export function isAsleep(seen, now) {
  const still = perMinute(seen.statistics.timeline, now) === 0;
  return still && seen.openings.length > 0 && !hasRetries(seen, now);
}

/** Whether some were tried again, or will be: they are pending, and had an error. @param {Seen} seen @param {Date} now */
function hasRetries({ statistics: { timeline, errors, counts } }, now) {
  const { failed, unknown, expired, cancelled } = counts;
  const withError = errors.reduce((sum, each) => sum + each.messages, 0);
  const waiting = withError > failed + unknown + expired + cancelled;
  return waiting || perMinute(timeline, now, (minute) => minute.retried) !== 0;
}

/** @param {Seen} seen @param {Date} now @returns {Said} */
function sending(seen, now) {
  const { mailing, statistics, openings } = seen;
  const { sent, total } = statistics.counts;
  const values = { sent: number(sent), total: number(total) };
  if (openings[0] !== undefined)
    return said("busy", "progress.sending.hours", { ...values, at: at(openings[0], now) });
  const { left } = outlook(seen, now);
  if (left === null) return said("busy", "progress.sending", values);
  const late = now.getTime() + left * 1000 > new Date(mailing.ends_at).getTime();
  return late
    ? said("trouble", "progress.sending.late", {
        ...values,
        left: roughly(left),
        at: at(mailing.ends_at, now),
      })
    : said("busy", "progress.sending.left", { ...values, left: roughly(left) });
}

/** @param {Seen} seen @param {Date} now @returns {Said} */
function paused({ mailing, statistics }, now) {
  if (hasEnded(mailing, now)) return said("waits", "progress.closing");
  const { pending } = statistics.counts;
  return said("waits", "progress.paused", { count: pending, at: at(mailing.ends_at, now) });
}

/** @param {Seen} seen @param {Date} now @returns {Said} */
function finished({ mailing, statistics }, now) {
  const { counts } = statistics;
  if (counts.total === 0) return said("done", "progress.finished.nobody");
  if (counts.sent === counts.total)
    return said("done", "progress.finished.all", { count: counts.total });
  const values = { sent: number(counts.sent), total: number(counts.total) };
  const again = counts.failed + counts.unknown > 0 && !hasEnded(mailing, now);
  const rest = again ? ` ${t("progress.again", { until: clock(mailing.ends_at, now) })}` : "";
  const words = said("done", "progress.finished", { ...values, others: others(counts) });
  return { ...words, text: words.text + rest };
}

/** @param {Seen} seen @returns {Said} */
function cancelled({ statistics }) {
  const { counts } = statistics;
  if (counts.pending > 0) return said("waits", "progress.cancelling", { count: counts.pending });
  if (counts.sent === 0) return said("done", "progress.cancelled.nothing");
  const values = { sent: number(counts.sent), total: number(counts.total) };
  return said("done", "progress.cancelled", values);
}

/** "3 failed, 2 unknown" @param {import("../types.js").Counts} counts */
function others(counts) {
  const kinds = /** @type {const} */ (["failed", "unknown", "expired", "cancelled", "pending"]);
  const there = kinds.filter((each) => counts[each] > 0);
  return there.map((each) => t(`progress.others.${each}`, { count: counts[each] })).join(", ");
}

/** @param {Tone} tone @param {string} key @param {import("../words.js").Values} [values] @returns {Said} */
const said = (tone, key, values) => ({ tone, text: t(key, values) });

/** "18:00" today, "22 Nov, 18:00" on another day. @param {string} instant @param {Date} now */
function clock(instant, now) {
  return isToday(instant, now) ? time(instant) : shortDateTime(instant, now);
}

/** "at 18:00" or "on 22 Nov, 18:00" @param {string} instant @param {Date} now */
function at(instant, now) {
  const key = isToday(instant, now) ? "progress.at" : "progress.on";
  return t(key, { when: clock(instant, now) });
}

/** @param {string} instant @param {Date} now */
const isToday = (instant, now) => new Date(instant).toDateString() === now.toDateString();

/** Nobody knows it to the second. @param {number} seconds */
export function roughly(seconds) {
  if (seconds < 60) return duration(Math.max(10, Math.ceil(seconds / 10) * 10));
  return duration(Math.ceil(seconds / 60) * 60);
}
