// Somebody else has changed what is being edited here: what differs, and the way to go on without
// losing what was typed.
import { dateTime } from "../format.js";
import { html } from "../html.js";
import { changed, formOf } from "../mailing-bodies.js";
import { editable } from "../mailing-rules.js";
import own from "../words/mailing-form.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../types.js").Mailing} Mailing */
/** @typedef {import("../mailing-rules.js").Form} Form */
/** @typedef {import("../mailing-rules.js").FieldName} FieldName */

const t = translator(shared, own);

/** @type {Record<FieldName, string>} */
const TITLES = {
  text: "form.text",
  "filter.tags": "form.tags",
  "filter.operator_codes": "form.codes",
  starts_at: "form.start",
  ends_at: "form.end",
  time_window: "form.hours.short",
};

/** A field's value as people read it. @param {Mailing} mailing @param {FieldName} name */
function shown(mailing, name) {
  const { filter, time_window } = mailing;
  if (name === "text") return `“${mailing.text}”`;
  if (name === "filter.tags") return filter.tags.join(", ") || t("form.moved.none");
  if (name === "filter.operator_codes")
    return filter.operator_codes.join(", ") || t("form.moved.none");
  if (name === "time_window")
    return time_window ? `${time_window.start}–${time_window.end}` : t("form.moved.none");
  return dateTime(mailing[name]);
}

/**
 * @param {{ base: Mailing, latest: Mailing, mine: Form, onTake: () => void }} props from `base` to
 *   `latest` others changed it, to `mine` it was changed here
 */
export function ChangedMeanwhile({ base, latest, mine, onTake }) {
  const before = formOf(base);
  const yours = changed(before, mine);
  const possible = editable(latest.status);
  const theirs = changed(before, formOf(latest));
  const lines = theirs.map(
    (name) => html`<li key=${name}>
      <b>${t(TITLES[name])}</b> ${t("form.moved.was")} ${shown(base, name)}, ${t("form.moved.is")} ${shown(latest, name)}
      ${yours.includes(name) && possible.includes(name) && html` <span>(${t("form.moved.yours")})</span>`}
    </li>`,
  );
  const lost = yours
    .filter((each) => !possible.includes(each))
    .map(
      (name) =>
        html`<li key=${`lost ${name}`}><b>${t(TITLES[name])}</b> ${t("form.moved.lost")}</li>`,
    );
  return html`<div class="banner moved" role="alert">
    <div>
      <p><b>${t("form.moved")}</b></p>
      <ul>
        ${base.status !== latest.status && html`<li key="status"><b>${t("form.moved.status")}</b> ${t("form.moved.is")} ${t(`status.${latest.status}`)}</li>`}
        ${lines} ${lost}
      </ul>
    </div>
    <button type="button" onClick=${onTake}>${t("form.moved.take")}</button>
  </div>`;
}
