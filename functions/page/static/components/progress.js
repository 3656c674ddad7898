// How far something is: a bar and the same as a number; without `max` nobody knows yet.
import { percent } from "../format.js";
import { html } from "../html.js";

/** @param {{ label: string, value?: number, max?: number }} props */
export function Progress({ label, value = 0, max }) {
  return html`<div class="progress">
    <progress aria-label=${label} value=${max === undefined ? undefined : value} max=${max ?? 1} />
    ${max !== undefined && html`<span class="tabular">${percent(max === 0 ? 1 : value / max)}</span>`}
  </div>`;
}
