// The fields of a mailing's form: its text and its recipients.

import { api } from "../context.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import own from "../words/mailing-form.js";
import { translator } from "../words.js";
import { Chips } from "./chips.js";
import { Field } from "./field.js";
import { TextCounter } from "./text-counter.js";

/** @typedef {import("../mailing-rules.js").Form} Form */
/** @typedef {import("../mailing-rules.js").FieldName} FieldName */
/** @typedef {import("./field.js").Bound} Bound */
/**
 * @typedef {object} Fields
 * @property {Form} form
 * @property {Partial<Record<FieldName, string>>} wrong the mistakes to be shown
 * @property {(changes: Partial<Form>) => void} change
 * @property {(name: FieldName) => void} touch somebody is done with this field
 */

const t = translator(own);
/** As many as the API gives; beyond that a value may well be there. */
const SUGGESTIONS_MAX = 1000;

/** @param {Fields} props */
export function TextField({ form, wrong, change, touch }) {
  return html`<section class="card">
    <${Field} label=${t("form.text")} error=${wrong.text} hint=${html`<${TextCounter} text=${form.text} />`} required>
      ${(/** @type {Bound} */ bound) => html`<textarea
        ...${bound}
        rows="4"
        value=${form.text}
        onInput=${(/** @type {any} */ event) => change({ text: event.currentTarget.value })}
        onBlur=${() => touch("text")}
      />`}
    <//>
  </section>`;
}

/** @param {Fields} props */
export function AudienceFields({ form, wrong, change }) {
  const { data } = usePoll("suggestions", (signal) => api.get("/clients/suggestions", { signal }), {
    everyMs: 0,
  });
  /** @type {import("../types.js").Suggestions} */
  const known = data ?? { tags: [], operator_codes: [], exact: false };
  const everybody = form.tags.length === 0 && form.codes.length === 0;
  return html`<section class="card">
    <h2>${t("form.who")}</h2>
    <div class="two">
      <${Field} label=${t("form.tags")} error=${wrong["filter.tags"]} optional
        hint=${(!wrong["filter.tags"] && strangers(form.tags, known.tags, known.exact)) || t("form.tags.hint")}>
        ${(
          /** @type {Bound} */ bound,
        ) => html`<${Chips} bound=${bound} values=${form.tags} suggestions=${known.tags}
          placeholder=${form.tags.length === 0 ? t("form.tags.any") : undefined}
          onChange=${(/** @type {string[]} */ tags) => change({ tags })} />`}
      <//>
      <${Field} label=${t("form.codes")} error=${wrong["filter.operator_codes"]} optional
        hint=${(!wrong["filter.operator_codes"] && strangers(form.codes, known.operator_codes, known.exact)) || t("form.codes.hint")}>
        ${(
          /** @type {Bound} */ bound,
        ) => html`<${Chips} bound=${bound} values=${form.codes} suggestions=${known.operator_codes}
          placeholder=${form.codes.length === 0 ? t("form.codes.any") : undefined} inputMode="numeric"
          onChange=${(/** @type {string[]} */ codes) => change({ codes })} />`}
      <//>
    </div>
    ${everybody && html`<p class="hint">${t("form.everybody")}</p>`}
  </section>`;
}

/**
 * A word about values that no client has, mostly slips; empty while nobody can know that.
 * @param {string[]} chosen
 * @param {{ value: string }[]} known
 * @param {boolean} exact
 */
function strangers(chosen, known, exact) {
  if (!exact || known.length >= SUGGESTIONS_MAX) return "";
  const values = new Set(known.map((each) => each.value));
  const what = chosen.filter((each) => !values.has(each)).join("”, “");
  return what && t("form.stranger", { what });
}
