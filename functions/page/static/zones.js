// Time zones: their clocks now, their names in the present language, and which of them fit what
// somebody types.
import { useEffect, useState } from "preact/hooks";
import { locale } from "./format.js";

const MINUTE_MS = 60_000;

/** @type {Map<string, Intl.DateTimeFormat | null>} */
const made = new Map();

/**
 * Making one is slow, and a list of clients shows the same few; null for a zone that this browser
 * does not know.
 * @param {string} zone @param {"clock" | "longGeneric" | "shortOffset"} what
 */
function formatter(zone, what) {
  const key = `${locale()} ${zone} ${what}`;
  if (!made.has(key)) {
    const parts = /** @type {Intl.DateTimeFormatOptions} */ (
      what === "clock" ? { timeStyle: "short" } : { timeZoneName: what }
    );
    try {
      made.set(key, new Intl.DateTimeFormat(locale(), { ...parts, timeZone: zone }));
    } catch {
      made.set(key, null);
    }
  }
  return made.get(key) ?? null;
}

/** "15:30", or null where the browser does not know the zone. @param {string} zone @param {Date} [now] */
export const clockIn = (zone, now = new Date()) => formatter(zone, "clock")?.format(now) ?? null;

/** @param {string} zone @param {"longGeneric" | "shortOffset"} what @param {Date} now */
const named = (zone, what, now) =>
  formatter(zone, what)
    ?.formatToParts(now)
    .find((each) => each.type === "timeZoneName")?.value ?? "";

/** "GMT+3" @param {string} zone @param {Date} [now] */
export const offsetOf = (zone, now = new Date()) => named(zone, "shortOffset", now);

/** The zone in words, such as "Москва"; empty where nobody knows. @param {string} zone @param {Date} [now] */
export const nameOf = (zone, now = new Date()) => named(zone, "longGeneric", now);

/** From west to east: where most of those live whose numbers begin with 7. */
const FIRST = [
  "Europe/Kaliningrad",
  "Europe/Moscow",
  "Europe/Samara",
  "Asia/Yekaterinburg",
  "Asia/Omsk",
  "Asia/Novosibirsk",
  "Asia/Krasnoyarsk",
  "Asia/Irkutsk",
  "Asia/Yakutsk",
  "Asia/Vladivostok",
  "Asia/Magadan",
  "Asia/Kamchatka",
  "Asia/Almaty",
];

/** All that the browser knows, the likely ones first, and UTC, which it leaves out. */
export function allZones() {
  return [...new Set([...FIRST, ...Intl.supportedValuesOf("timeZone"), "UTC"])];
}

/** Whether the browser knows it. @param {string} zone */
export const isZone = (zone) => formatter(zone, "clock") !== null;

/** @param {string} text */
const plain = (text) => text.toLowerCase().replaceAll(/[_/\s]+/g, " ");

/**
 * Those whose city begins with the text, then those that hold it anywhere, in the language's words
 * as well: "yek" and "екат" find Asia/Yekaterinburg.
 * @param {readonly string[]} zones @param {string} text @param {number} max
 */
export function fittingZones(zones, text, max) {
  const wanted = plain(text.trim());
  /** @param {string} zone */
  const city = (zone) => plain(zone.slice(zone.lastIndexOf("/") + 1));
  const begin = zones.filter((each) => city(each).startsWith(wanted));
  if (begin.length >= max || !wanted) return begin.slice(0, max);
  const hold = zones.filter(
    (each) =>
      !begin.includes(each) &&
      (plain(each).includes(wanted) || plain(nameOf(each)).includes(wanted)),
  );
  return [...begin, ...hold].slice(0, max);
}

/** The present time, anew with each minute. */
export function useMinute() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const wait = MINUTE_MS - (now.getTime() % MINUTE_MS);
    const timer = setTimeout(() => setNow(new Date()), wait + 20);
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
