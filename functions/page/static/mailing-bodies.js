// From a mailing to its form, and from the form to what the API is sent: to create it, to change what
// differs, to ask for a preview.
import { ALL_FIELDS } from "./mailing-rules.js";
import { defaultEnd, defaultStart, instantOf, wallOf } from "./wall-time.js";

/** @typedef {import("./types.js").Mailing} Mailing */
/** @typedef {import("./mailing-rules.js").FieldName} FieldName */
/** @typedef {import("./mailing-rules.js").Form} Form */
/** @typedef {import("./mailing-rules.js").Mistakes} Mistakes */

/**
 * A start in the past means now, so this does. It is always the same one: the same form sent twice
 * has the same body, which its idempotency key demands.
 */
export const NOW = "2000-01-01T00:00:00.000Z";

/** What a new one begins with. @param {Date} now @returns {Form} */
export function newForm(now) {
  return {
    text: "",
    tags: [],
    codes: [],
    start: "now",
    startsAt: wallOf(defaultStart(now)),
    endsAt: wallOf(defaultEnd(now)),
    hours: false,
    from: "09:00",
    to: "21:00",
  };
}

/** A mailing as the form shows it. @param {Mailing} mailing @returns {Form} */
export function formOf(mailing) {
  const { text, filter, starts_at, ends_at, time_window } = mailing;
  return {
    text,
    tags: filter.tags,
    codes: filter.operator_codes,
    start: "at",
    startsAt: wallOf(new Date(starts_at)),
    endsAt: wallOf(new Date(ends_at)),
    hours: time_window !== null,
    from: time_window?.start ?? "09:00",
    to: time_window?.end ?? "21:00",
  };
}

/** @param {string} wall */
const iso = (wall) => instantOf(wall)?.toISOString() ?? "";

/** The body that creates it. @param {Form} form without mistakes */
export function bodyOf(form) {
  return {
    text: form.text,
    filter: { tags: form.tags, operator_codes: form.codes },
    starts_at: form.start === "now" ? NOW : iso(form.startsAt),
    ends_at: iso(form.endsAt),
    time_window: form.hours ? { start: form.from, end: form.to } : null,
  };
}

/** The body that asks for a preview: what is not right yet is left out. @param {Form} form @param {Mistakes} found */
export function previewOf(form, found) {
  const body = bodyOf(form);
  return {
    filter: {
      tags: found["filter.tags"] ? [] : body.filter.tags,
      operator_codes: found["filter.operator_codes"] ? [] : body.filter.operator_codes,
    },
    ...(form.start === "at" && !found.starts_at && { starts_at: body.starts_at }),
    ...(!found.ends_at && { ends_at: body.ends_at }),
    ...(body.time_window && !found.time_window && { time_window: body.time_window }),
  };
}

/**
 * What differs between two forms, by field.
 * @param {Form} before
 * @param {Form} after
 * @returns {FieldName[]}
 */
export function changed(before, after) {
  /** @param {Form} form @returns {Record<FieldName, unknown>} */
  const parts = (form) => ({
    text: form.text,
    "filter.tags": [...form.tags].sort(),
    "filter.operator_codes": [...form.codes].sort(),
    starts_at: form.start === "now" ? NOW : form.startsAt,
    ends_at: form.endsAt,
    time_window: form.hours && [form.from, form.to],
  });
  const [one, other] = [parts(before), parts(after)];
  return ALL_FIELDS.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** The body that changes what differs, and nothing else. @param {Form} before @param {Form} after */
export function patchOf(before, after) {
  const fields = changed(before, after).map((each) => each.split(".")[0]);
  return Object.fromEntries(
    Object.entries(bodyOf(after)).filter(([name]) => fields.includes(name)),
  );
}

/**
 * Somebody else changed it meanwhile: their state, with what was typed here put over it.
 * @param {{ base: Form, theirs: Form, mine: Form, fields: readonly FieldName[] }} states `fields` may still be changed
 * @returns {Form}
 */
export function rebased({ base, theirs, mine, fields }) {
  const kept = changed(base, mine).filter((each) => fields.includes(each));
  const merged = { ...theirs };
  for (const name of kept) {
    if (name === "text") merged.text = mine.text;
    else if (name === "filter.tags") merged.tags = mine.tags;
    else if (name === "filter.operator_codes") merged.codes = mine.codes;
    else if (name === "starts_at")
      Object.assign(merged, { start: mine.start, startsAt: mine.startsAt });
    else if (name === "ends_at") merged.endsAt = mine.endsAt;
    else Object.assign(merged, { hours: mine.hours, from: mine.from, to: mine.to });
  }
  return merged;
}
