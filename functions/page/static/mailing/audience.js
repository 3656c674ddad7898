// Whom a planned mailing would reach if it began now, and what time it is there at its start.
import { number, shortDateTime } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
const ZONES_SHOWN = 6;

/** @typedef {import("../types.js").Preview} Preview */

/** @param {{ preview: Preview | null | undefined }} props null when nobody could tell, undefined while it is counted */
export function Audience({ preview }) {
  if (preview === null) return null;
  const zones = (preview?.zones ?? []).slice(0, ZONES_SHOWN);
  const rest = (preview?.zones.length ?? 0) - zones.length;
  const rows = zones.map(
    (each) => html`<tr key=${each.timezone}>
      <th scope="row">${each.timezone}</th>
      <td>${each.local_start.slice(11, 16)}</td>
      <td>${opening(each)}</td>
      <td>${number(each.recipients)}</td>
    </tr>`,
  );
  return html`<section class="card audience" aria-labelledby="mailing-audience" aria-busy=${preview === undefined ? "true" : "false"}>
    <h2 id="mailing-audience">${t("audience.title")}</h2>
    <p class="audience-figure">${preview === undefined ? html`<span class="bone" />` : html`<b>${amount(preview)}</b>`}</p>
    <p class="audience-note muted">${t("audience.note")}</p>
    ${
      rows.length > 0 &&
      html`<table class="plain-table tabular">
        <thead>
          <tr>
            <th scope="col">${t("audience.zone")}</th>
            <th scope="col">${t("audience.start")}</th>
            <th scope="col">${t("audience.from")}</th>
            <th scope="col">${t("audience.people")}</th>
          </tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>`
    }
    ${rest > 0 && html`<p class="audience-note muted">${t("audience.more", { count: rest })}</p>`}
  </section>`;
}

/** @param {Preview} preview */
const amount = ({ recipients, exact }) =>
  exact ? t("audience.count", { count: recipients }) : t("audience.least", { count: recipients });

/** When clients there are written to first. @param {Preview["zones"][number]} zone */
function opening({ first_opening: first, local_start: start }) {
  if (first === null) return html`<span class="bad">${t("audience.never")}</span>`;
  return new Date(first) <= new Date(start) ? t("audience.atOnce") : shortDateTime(first);
}
