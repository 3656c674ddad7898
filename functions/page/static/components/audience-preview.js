// Beside the form of a mailing: whom it would reach, how many SMS parts that makes, and what time it
// is where they are.
import { useState } from "preact/hooks";
import { clockIn, number } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing-preview.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";
import { ErrorState, LoadingState } from "./states.js";

/** @typedef {import("../types.js").Preview} Preview */
/** @typedef {Preview["zones"][number]} Zone */

const t = translator(own);
const ZONES_SHOWN = 8;

/** @param {Zone[]} zones @param {(zone: Zone) => boolean} fits */
const clientsOf = (zones, fits) =>
  zones.filter(fits).reduce((sum, each) => sum + each.recipients, 0);

/** Whether this zone's hours are open at the start. @param {Zone} zone */
const atOnce = ({ first_opening, local_start }) =>
  first_opening !== null && Date.parse(first_opening) <= Date.parse(local_start);

/** How many are written to later than at the start. @param {Preview} preview */
const waiting = ({ zones }) =>
  clientsOf(zones, (each) => each.first_opening !== null && !atOnce(each));

/**
 * @param {{ preview: Preview | undefined, error: unknown, busy: boolean, parts: number,
 *   hours: boolean, onRetry: () => void }} props `hours`: whether local hours are set
 */
export function AudiencePreview({ preview, error, busy, parts, hours, onRetry }) {
  return html`<section class="card preview" aria-busy=${busy ? "true" : "false"} aria-label=${t("preview.title")}>
    <h2>${t("preview.title")}</h2>
    ${!preview && !error && html`<${LoadingState} rows=${4} />`}
    ${Boolean(error) && !busy && html`<${ErrorState} error=${error} onRetry=${onRetry} />`}
    ${
      preview &&
      (busy || !error) &&
      html`<${Numbers} preview=${preview} parts=${parts} />
      <${Warnings} preview=${preview} />
      ${preview.zones.length > 0 && html`<${Zones} zones=${preview.zones} hours=${hours} />`}`
    }
  </section>`;
}

/** @param {{ preview: Preview, parts: number }} props */
function Numbers({ preview, parts }) {
  const { recipients, exact } = preview;
  const least = exact ? "" : `${t("preview.least")} `;
  const word = t(exact ? "preview.clients" : "preview.clients.least", { count: recipients });
  return html`<div class="preview-numbers" role="status">
    <p class="figure">${least && html`<span class="muted">${least}</span>`}<b>${number(recipients)}</b> ${word}</p>
    <p class="muted tabular">
      ${t("count.parts", { count: parts })} ${t("preview.each")}${
        parts > 1 &&
        recipients > 0 &&
        html`, ${least}${t("preview.total", { count: parts * recipients })}`
      }
    </p>
    ${!exact && html`<p class="muted">${t("preview.inexact")}</p>`}
  </div>`;
}

/** @param {{ preview: Preview }} props */
function Warnings({ preview }) {
  const shut = clientsOf(preview.zones, (each) => each.first_opening === null);
  const later = waiting(preview);
  const bad = [
    preview.recipients === 0 && preview.exact && t("preview.nobody"),
    shut > 0 && t("preview.shut", { count: shut }),
  ].filter(Boolean);
  return html`<div role="status">
    ${bad.map((each) => html`<p key=${each} class="warning"><${Icon} name="alert" /><span>${each}</span></p>`)}
    ${later > 0 && html`<p class="note"><${Icon} name="clock" /><span>${t("preview.wait", { count: later })}</span></p>`}
  </div>`;
}

/** @param {{ zones: Zone[], hours: boolean }} props */
function Zones({ zones, hours }) {
  const [all, setAll] = useState(false);
  const shown = all ? zones : zones.slice(0, ZONES_SHOWN);
  const lines = shown.map(
    (each) => html`<tr key=${each.timezone}>
      <th scope="row"><${ZoneName} name=${each.timezone} /></th>
      <td class="numeric">${number(each.recipients)}</td>
      <td class="numeric">${clockIn(each.local_start, each.timezone)}</td>
      ${hours && html`<td class="numeric"><${Opening} zone=${each} /></td>`}
    </tr>`,
  );
  return html`<table class="lesser" aria-label=${t("preview.zones")}>
      <thead>
        <tr>
          <th scope="col">${t("preview.zone")}</th>
          <th scope="col" class="numeric">${t("preview.count")}</th>
          <th scope="col" class="numeric">${t("preview.start")}</th>
          ${hours && html`<th scope="col" class="numeric">${t("preview.opening")}</th>`}
        </tr>
      </thead>
      <tbody>${lines}</tbody>
    </table>
    ${
      shown.length < zones.length &&
      html`<button type="button" class="secondary" onClick=${() => setAll(true)}>
        ${t("preview.more", { count: zones.length - shown.length })}
      </button>`
    }`;
}

/** @param {{ zone: Zone }} props */
function Opening({ zone }) {
  if (zone.first_opening === null) return html`<span class="bad">${t("preview.never")}</span>`;
  if (atOnce(zone)) return t("preview.atOnce");
  return t("preview.from", { when: clockIn(zone.first_opening, zone.timezone) });
}

/** "Asia/Yekaterinburg", which may go on a second line after the slash. @param {{ name: string }} props */
function ZoneName({ name }) {
  const [city = "", ...regions] = name.replaceAll("_", " ").split("/").reverse();
  return regions.length > 0
    ? html`<span class="muted">${regions.reverse().join("/")}/</span><wbr />${city}`
    : city;
}
