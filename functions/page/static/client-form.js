// The rules of the form of a client: what is wrong with what was typed, what is sent of it, and what
// becomes of it when somebody else has changed the client meanwhile.
import { phone as spaced } from "./format.js";
import { operatorCodeOf, phoneOf } from "./phones.js";
import { isZone } from "./zones.js";

/** @typedef {import("./types.js").Client} Client */
/** @typedef {{ phone: string, operator_code: string, tags: string[], timezone: string }} Values */
/** @typedef {keyof Values} FieldName */

export const FIELDS = /** @type {const} */ (["phone", "operator_code", "tags", "timezone"]);
export const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 64;
const CONTROL = /\p{Cc}/u;

/** @param {string} [zone] most clients are where the operator is @returns {Values} */
export const emptyValues = (zone = "") => ({
  phone: "",
  operator_code: "",
  tags: [],
  timezone: zone,
});

/** @param {Client} client @returns {Values} */
export const valuesOf = ({ phone, operator_code, tags, timezone }) => ({
  phone: spaced(phone),
  operator_code,
  tags: [...tags],
  timezone,
});

/**
 * The key of the words for each field that cannot be sent.
 * @param {Values} values
 * @returns {Partial<Record<FieldName, string>>}
 */
export function mistakesIn(values) {
  /** @type {Partial<Record<FieldName, string>>} */
  const mistakes = {};
  if (!values.phone.trim()) mistakes.phone = "client.phone.missing";
  else if (phoneOf(values.phone) === null) mistakes.phone = "client.phone.wrong";
  const code = values.operator_code.trim();
  if (code && !/^\d{3}$/.test(code)) mistakes.operator_code = "client.code.wrong";
  if (values.tags.length > TAGS_MAX) mistakes.tags = "client.tags.many";
  else if (values.tags.some((each) => [...each].length > TAG_LENGTH_MAX || CONTROL.test(each)))
    mistakes.tags = "client.tags.wrong";
  if (!values.timezone.trim()) mistakes.timezone = "client.zone.missing";
  else if (!isZone(values.timezone.trim())) mistakes.timezone = "client.zone.wrong";
  return mistakes;
}

/** What is sent for a new client; the API takes a code that is left out from the phone. @param {Values} values */
export function bodyOf(values) {
  const code = values.operator_code.trim();
  return {
    phone: phoneOf(values.phone) ?? values.phone.trim(),
    ...(code ? { operator_code: code } : {}),
    tags: values.tags,
    timezone: values.timezone.trim(),
  };
}

/**
 * What is sent to change a client: only what differs from it.
 * @param {Values} values
 * @param {Client} client
 */
export function changesOf(values, client) {
  const { phone, tags, timezone } = bodyOf(values);
  const code = values.operator_code.trim() || null;
  const sameTags = meantBy(values, "tags") === meantBy(valuesOf(client), "tags");
  // Without a word about it, another phone would bring its own code along.
  const codeMatters =
    (code ?? operatorCodeOf(phone)) !== client.operator_code || phone !== client.phone;
  return {
    ...(phone === client.phone ? {} : { phone }),
    ...(codeMatters ? { operator_code: code } : {}),
    ...(sameTags ? {} : { tags }),
    ...(timezone === client.timezone ? {} : { timezone }),
  };
}

/** The same for what means the same. @param {Values} values @param {FieldName} name */
function meantBy(values, name) {
  if (name === "tags") return [...values.tags].sort().join("\n");
  const text = values[name].trim();
  return name === "phone" ? (phoneOf(text) ?? text) : text;
}

/**
 * After somebody else's change: what was typed stays, the rest is as it is now, and what they
 * changed is told.
 * @param {Values} before as it was when the typing began
 * @param {Values} typed
 * @param {Values} now
 */
export function merged(before, typed, now) {
  /** @param {FieldName} name @param {Values} one @param {Values} other */
  const differs = (name, one, other) => meantBy(one, name) !== meantBy(other, name);
  const changed = FIELDS.filter((name) => differs(name, before, now));
  const kept = FIELDS.filter((name) => differs(name, before, typed));
  const values = Object.fromEntries(
    FIELDS.map((name) => [name, (kept.includes(name) ? typed : now)[name]]),
  );
  return { values: /** @type {Values} */ (values), changed };
}
