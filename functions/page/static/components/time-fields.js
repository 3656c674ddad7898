// The fields of a mailing's form that say when: start, end, and the hours of each client's clock.
import { useId } from "preact/hooks";
import { zoneName } from "../format.js";
import { html } from "../html.js";
import { doubts } from "../mailing-rules.js";
import { endPicks, instantOf, wrapsMidnight } from "../wall-time.js";
import own from "../words/mailing-form.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { Field } from "./field.js";

/** @typedef {import("./mailing-fields.js").Fields} Fields */
/** @typedef {import("./field.js").Bound} Bound */

const t = translator(shared, own);

/** @param {Fields & { now: Date, starts: boolean }} props `starts`: whether the start can be chosen */
export function TimeFields(props) {
  return html`<section class="card">
    <div class="panel-head">
      <h2>${t("form.when")}</h2>
      <span class="muted">${t("app.zone", { zone: zoneName() })}</span>
    </div>
    ${props.starts && html`<${Start} ...${props} />`}
    <${End} ...${props} />
    <${Hours} ...${props} />
  </section>`;
}

/** @param {Fields & { now: Date }} props */
function Start({ form, wrong, change, touch, now }) {
  const choice = (/** @type {"now" | "at"} */ each) => html`<label key=${each}>
    <input type="radio" name="start" value=${each} checked=${form.start === each} onChange=${() => change({ start: each })} />
    <span>${t(`form.start.${each}`)}</span>
  </label>`;
  const past = doubts(form, now).includes("startsInPast") && t("form.doubt.startsInPast");
  return html`<fieldset class="segments start">
      <legend>${t("form.start")}</legend>
      ${choice("now")} ${choice("at")}
    </fieldset>
    ${
      form.start === "at" &&
      html`<${Field} label=${t("form.start.date")} error=${wrong.starts_at} hint=${past}>
        ${(
          /** @type {Bound} */ bound,
        ) => html`<input ...${bound} type="datetime-local" value=${form.startsAt}
          onInput=${(/** @type {any} */ event) => change({ startsAt: event.currentTarget.value })}
          onBlur=${() => touch("starts_at")} />`}
      <//>`
    }`;
}

/** @param {Fields & { now: Date }} props */
function End({ form, wrong, change, touch, now }) {
  const start = (form.start === "at" && instantOf(form.startsAt)) || now;
  const picks = endPicks(start, now).map(
    ({ name, wall }) => html`<li key=${name}>
      <button type="button" class="pick" aria-pressed=${wall === form.endsAt ? "true" : "false"} onClick=${() => change({ endsAt: wall })}>
        ${t(`form.end.${name}`)}
      </button>
    </li>`,
  );
  const soon = doubts(form, now).includes("endsSoon");
  return html`<${Field} label=${t("form.end")} error=${wrong.ends_at}
      hint=${soon ? html`<span class="warn">${t("form.doubt.endsSoon")}</span>` : t("form.end.hint")}>
      ${(/** @type {Bound} */ bound) => html`<div class="beside">
        <input ...${bound} type="datetime-local" value=${form.endsAt}
          onInput=${(/** @type {any} */ event) => change({ endsAt: event.currentTarget.value })}
          onBlur=${() => touch("ends_at")} />
        <ul class="picks" aria-label=${t("form.end.picks")}>${picks}</ul>
      </div>`}
    <//>`;
}

/** @param {Fields} props */
function Hours({ form, wrong, change, touch }) {
  const id = useId();
  const mistake = wrong.time_window;
  /** @param {"from" | "to"} name */
  const time = (name) => html`<label>
    ${t(`form.hours.${name}`)}
    <input type="time" value=${form[name]} aria-invalid=${mistake ? "true" : undefined} aria-describedby=${id}
      onInput=${(/** @type {any} */ event) => change({ [name]: event.currentTarget.value })}
      onBlur=${() => touch("time_window")} />
  </label>`;
  const whole = form.from && form.to && form.from !== form.to;
  const said = wrapsMidnight(form.from, form.to) ? "form.hours.wraps" : "form.hours.said";
  return html`<div class="field hours">
    <label class="switch">
      <input type="checkbox" checked=${form.hours}
        onChange=${(/** @type {any} */ event) => change({ hours: event.currentTarget.checked })} />
      <span>${t("form.hours")}</span>
    </label>
    ${
      form.hours &&
      html`<div class="times">${time("from")} ${time("to")}</div>
        <div id=${id}>
          ${mistake && html`<p class="mistake">${mistake}</p>`}
          ${!mistake && whole && html`<div class="hint">${t(said, { from: form.from, to: form.to })}</div>`}
        </div>`
    }
  </div>`;
}
