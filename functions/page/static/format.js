// Numbers, times, durations and phones as people read them, in the present language.
//
// Times are shown in the zone of the operator's machine, and every view names it once (`zoneName`).
import { language } from "./language.js";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** @type {Map<string, any>} */
const made = new Map();

/** British English: days before months, and 24 hours, as in Russian and unlike in American. */
export const locale = () => (language.get() === "ru" ? "ru-RU" : "en-GB");

/**
 * Making a formatter is slow; each is made once for each language.
 * @template T
 * @param {string} name
 * @param {(locale: string) => T} make
 * @returns {T}
 */
function formatter(name, make) {
  const key = `${name} ${locale()}`;
  if (!made.has(key)) made.set(key, make(locale()));
  return made.get(key);
}

/** @param {number} value */
export const number = (value) =>
  formatter("number", (at) => new Intl.NumberFormat(at)).format(value);

/** 0.416 as "42 %"; what is not all is never shown as 100 %, what is not nothing never as 0 %. @param {number} share */
export function percent(share) {
  const shown = share > 0 && share < 0.01 ? 0.01 : share < 1 && share > 0.99 ? 0.99 : share;
  const style = /** @type {const} */ ({ style: "percent", maximumFractionDigits: 0 });
  return formatter("percent", (at) => new Intl.NumberFormat(at, style)).format(shown);
}

/** "21 Nov 2026, 15:30" @param {string | Date} instant */
export function dateTime(instant) {
  const parts = /** @type {const} */ ({ dateStyle: "medium", timeStyle: "short" });
  return formatter("dateTime", (at) => new Intl.DateTimeFormat(at, parts)).format(
    new Date(instant),
  );
}

/** "15:30" @param {string | Date} instant */
export function time(instant) {
  const parts = /** @type {const} */ ({ timeStyle: "short" });
  return formatter("time", (at) => new Intl.DateTimeFormat(at, parts)).format(new Date(instant));
}

/** "21 Nov, 15:30" without the year when it is this one. @param {string | Date} instant @param {Date} [now] */
export function shortDateTime(instant, now = new Date()) {
  const at = new Date(instant);
  if (at.getFullYear() !== now.getFullYear()) return dateTime(at);
  const parts = /** @type {const} */ ({
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  return formatter("short", (where) => new Intl.DateTimeFormat(where, parts)).format(at);
}

/** "Sat 15:30" on the clocks of another zone, with the date where that may be another week. @param {string | Date} instant @param {string} timeZone @param {Date} [now] */
export function clockIn(instant, timeZone, now = new Date()) {
  const at = new Date(instant);
  const near = Math.abs(at.getTime() - now.getTime()) < 6 * DAY_S * 1000;
  const day = near ? { weekday: "short" } : { day: "numeric", month: "short" };
  const parts = /** @type {Intl.DateTimeFormatOptions} */ ({
    ...day,
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  const shape = (/** @type {string} */ where) => new Intl.DateTimeFormat(where, parts);
  const text = formatter(`clock ${near} ${timeZone}`, shape).format(at);
  return near ? text.replace(",", "") : text; // "Sat, 15:30" is one thing
}

/** "15:30" on the clock of the operator's machine. @param {string | Date} instant */
export function clock(instant) {
  const parts = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" });
  return formatter("clock", (at) => new Intl.DateTimeFormat(at, parts)).format(new Date(instant));
}

/** The operator's own zone, such as "Europe/Moscow". */
export const zone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "Europe/Moscow, GMT+3"; the offset is that of `now`. @param {string} [name] @param {Date} [now] */
export function zoneName(name = zone(), now = new Date()) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: name, timeZoneName: "shortOffset" });
  const offset = parts.formatToParts(now).find((each) => each.type === "timeZoneName")?.value;
  return offset && offset !== name ? `${name}, ${offset}` : name;
}

/** "in 5 minutes", "2 hours ago", "now". @param {string | Date} instant @param {Date} [now] */
export function relative(instant, now = new Date()) {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  const inWords = formatter(
    "relative",
    (at) => new Intl.RelativeTimeFormat(at, { numeric: "auto" }),
  );
  if (size < 45) return inWords.format(0, "second");
  if (size < 45 * MINUTE_S) return inWords.format(Math.round(seconds / MINUTE_S), "minute");
  if (size < 22 * HOUR_S) return inWords.format(Math.round(seconds / HOUR_S), "hour");
  return inWords.format(Math.round(seconds / DAY_S), "day");
}

/** "1 h 5 min", "40 s": the two largest units. @param {number} seconds */
export function duration(seconds) {
  const units = /** @type {const} */ ([
    ["day", DAY_S],
    ["hour", HOUR_S],
    ["minute", MINUTE_S],
    ["second", 1],
  ]);
  let rest = Math.max(0, Math.round(seconds));
  /** @type {string[]} */
  const parts = [];
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount === 0 && !(unit === "second" && parts.length === 0)) continue;
    const style = /** @type {const} */ ({ style: "unit", unitDisplay: "short", unit });
    parts.push(formatter(unit, (at) => new Intl.NumberFormat(at, style)).format(amount));
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** "79000000001" as "+7 900 000-00-01"; anything else as it is. @param {string} digits */
export function phone(digits) {
  const parts = /^7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  return parts ? `+7 ${parts[1]} ${parts[2]}-${parts[3]}-${parts[4]}` : digits;
}

/** "1.4 MB" @param {number} amount */
export function bytes(amount) {
  const units = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte"]);
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, amount)) / 3));
  const unit = units[step] ?? "byte";
  const style = /** @type {const} */ ({
    style: "unit",
    unitDisplay: "short",
    unit,
    maximumFractionDigits: 1,
  });
  return formatter(unit, (at) => new Intl.NumberFormat(at, style)).format(amount / 1000 ** step);
}

const LINE_MAX = 120;

/** A text for one line of a list. @param {string} text */
export function shortened(text) {
  const letters = [...text];
  return letters.length > LINE_MAX ? `${letters.slice(0, LINE_MAX).join("")}…` : text;
}
