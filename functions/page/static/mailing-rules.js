// What a mailing's form holds, and the API's rules for it. Fields are named as in the API's answers,
// so that its mistakes are shown where ours are.
import { instantOf } from "./wall-time.js";

/** @typedef {"text" | "starts_at" | "ends_at" | "filter.tags" | "filter.operator_codes" | "time_window"} FieldName */
/** @typedef {{ key: string, values?: Record<string, string | number> }} Mistake its words */
/** @typedef {Partial<Record<FieldName, Mistake>>} Mistakes */
/**
 * @typedef {object} Form
 * @property {string} text
 * @property {string[]} tags
 * @property {string[]} codes
 * @property {"now" | "at"} start
 * @property {string} startsAt on the operator's wall clock
 * @property {string} endsAt
 * @property {boolean} hours whether there are local hours
 * @property {string} from `HH:MM`
 * @property {string} to
 */

const TEXT_MAX = 1000;
const VALUES_MAX = 50;
const TAG_MAX = 64;
const ENDS_SOON_MS = 15 * 60_000;

/** @type {readonly FieldName[]} */
export const ALL_FIELDS = [
  "text",
  "filter.tags",
  "filter.operator_codes",
  "starts_at",
  "ends_at",
  "time_window",
];

/** What may be changed in each state. @param {string} status @returns {readonly FieldName[]} */
export function editable(status) {
  if (status === "scheduled") return ALL_FIELDS;
  return status === "running" || status === "paused" ? ["text", "ends_at", "time_window"] : [];
}

/** Code points, as the server counts them. @param {string} text */
export const lengthOf = (text) => [...text].length;

/**
 * What the API would not take, by field.
 * @param {Form} form
 * @param {{ now: Date, fields?: readonly FieldName[] }} options only these fields are looked at
 * @returns {Mistakes}
 */
export function mistakes(form, { now, fields = ALL_FIELDS }) {
  /** @type {Mistakes} */
  const all = {
    text: ofText(form.text),
    "filter.tags": ofTags(form.tags),
    "filter.operator_codes": ofCodes(form.codes),
    starts_at: form.start === "at" && !instantOf(form.startsAt) ? { key: "date" } : undefined,
    ends_at: ofEnd(form, now),
    time_window: ofHours(form),
  };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, found]) => found !== undefined && fields.includes(/** @type {FieldName} */ (name)),
    ),
  );
}

/** @param {string} text @returns {Mistake | undefined} */
function ofText(text) {
  const length = lengthOf(text);
  if (length === 0) return { key: "text" };
  if (text.trim() === "") return { key: "blank" };
  return length > TEXT_MAX
    ? { key: "long", values: { count: length - TEXT_MAX, max: TEXT_MAX } }
    : undefined;
}

/** @param {string[]} tags @returns {Mistake | undefined} */
function ofTags(tags) {
  const bad = tags.find((each) => lengthOf(each) > TAG_MAX);
  if (bad !== undefined) return { key: "tag", values: { what: bad, max: TAG_MAX } };
  return ofCount(tags);
}

/** @param {string[]} codes @returns {Mistake | undefined} */
function ofCodes(codes) {
  const bad = codes.find((each) => !/^[0-9]{3}$/.test(each));
  return bad === undefined ? ofCount(codes) : { key: "code", values: { what: bad } };
}

/** @param {string[]} values @returns {Mistake | undefined} */
const ofCount = (values) =>
  values.length > VALUES_MAX ? { key: "many", values: { count: VALUES_MAX } } : undefined;

/** @param {Form} form @param {Date} now @returns {Mistake | undefined} */
function ofEnd(form, now) {
  const end = instantOf(form.endsAt);
  if (!end) return { key: "date" };
  if (end <= now) return { key: "past" };
  const start = form.start === "at" ? instantOf(form.startsAt) : null;
  return start && end <= start ? { key: "beforeStart" } : undefined;
}

/** @param {Form} form @returns {Mistake | undefined} */
function ofHours({ hours, from, to }) {
  if (!hours) return undefined;
  if (!from || !to) return { key: "hours" };
  return from === to ? { key: "sameHours" } : undefined;
}

/** What is allowed and yet worth a word. @param {Form} form @param {Date} now @returns {("startsInPast" | "endsSoon")[]} */
export function doubts(form, now) {
  /** @type {("startsInPast" | "endsSoon")[]} */
  const found = [];
  const start = form.start === "at" ? instantOf(form.startsAt) : now;
  const end = instantOf(form.endsAt);
  if (start && start < now) found.push("startsInPast");
  if (start && end) {
    const left = end.getTime() - Math.max(start.getTime(), now.getTime());
    if (left > 0 && left < ENDS_SOON_MS) found.push("endsSoon");
  }
  return found;
}

/** Whether it would start as soon as it is saved. @param {Form} form @param {Date} now */
export function startsNow(form, now) {
  const at = form.start === "at" ? instantOf(form.startsAt) : null;
  return form.start === "now" || (at !== null && at <= now);
}

/** The field of ours at which a mistake the API found at `path` belongs. @param {string} path @returns {FieldName | null} */
export function fieldAt(path) {
  return ALL_FIELDS.find((each) => path === each || path.startsWith(`${each}.`)) ?? null;
}
