// When a mailing begins, when local hours open, when it ends: a small line of time.
import { Instant } from "../components/instant.js";
import { relative, zoneName } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
const OPENINGS_SHOWN = 4;

/** @param {{ seen: import("./progress-words.js").Seen, now: Date }} props */
export function Schedule({ seen: { mailing, openings }, now }) {
  const shown = openings.slice(0, OPENINGS_SHOWN);
  const more = openings.length - shown.length;
  const window = mailing.time_window;
  const waves = shown.map(
    (at) => html`<${Point} key=${at} at=${at} now=${now} title=${t("schedule.opens")} />`,
  );
  return html`<section class="card" aria-labelledby="mailing-schedule">
    <h2 id="mailing-schedule">${t("schedule.title")}</h2>
    <ol class="schedule">
      <${Point} at=${mailing.starts_at} now=${now} title=${t("schedule.start")} />
      ${waves}
      ${more > 0 && html`<li key="more" class="muted">${t("schedule.more", { count: more })}</li>`}
      <${Point} at=${mailing.ends_at} now=${now} title=${t("schedule.end")} />
    </ol>
    <p class="hours">
      ${window ? t("schedule.hours", { from: window.start, to: window.end }) : t("schedule.anyHour")}
    </p>
    <p class="muted zone">${t("app.zone", { zone: zoneName() })}</p>
  </section>`;
}

/** @param {{ at: string, now: Date, title: string }} props */
function Point({ at, now, title }) {
  const past = new Date(at) <= now;
  return html`<li data-past=${past ? "" : undefined}>
    <span>${title}</span>
    <span class="when"><${Instant} at=${at} /> <span class="muted">${relative(at, now)}</span></span>
  </li>`;
}
