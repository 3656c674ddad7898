// A mailing's messages by status, as numbers and as one bar; how quickly they are dealt with, and
// whether the counts are right.
import { STATUSES, StackedBar } from "../components/stacked-bar.js";
import { number } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { outlook, roughly } from "./progress-words.js";
import { Recount } from "./recount.js";

const t = translator(shared, own);
/** Shown even when there are none, so that nothing jumps while it is sent. */
const ALWAYS = new Set(["sent", "failed", "unknown", "pending"]);

/** @param {{ seen: import("./progress-words.js").Seen, now: Date, refresh: () => void }} props */
export function Counts({ seen, now, refresh }) {
  const { counts } = seen.statistics;
  const shown = STATUSES.filter((each) => ALWAYS.has(each) || counts[each] > 0);
  const tiles = shown.map(
    (each) => html`<div key=${each} class="tile" data-none=${counts[each] === 0 ? "" : undefined}>
      <dt><span class="dot" data-status=${each} />${t(`message.${each}`)}</dt>
      <dd>${number(counts[each])}</dd>
    </div>`,
  );
  return html`<section class="card" aria-labelledby="mailing-counts">
    <div class="card-head">
      <h2 id="mailing-counts">${t("messages.count", { count: counts.total })}</h2>
      <${Recount} id=${seen.mailing.id} onDone=${refresh} />
    </div>
    <${StackedBar} counts=${counts} />
    <dl class="tiles">${tiles}</dl>
    <${Pace} seen=${seen} now=${now} />
  </section>`;
}

/** @param {{ seen: import("./progress-words.js").Seen, now: Date }} props */
function Pace({ seen, now }) {
  if (seen.mailing.status !== "running") return null;
  const { rate, left } = outlook(seen, now);
  return html`<p class="pace muted tabular">
    ${Boolean(rate) && html`<span>${t("mailing.rate", { count: Math.ceil(rate ?? 0) })}</span>`}
    <span>${left === null ? t("mailing.left.none") : t("mailing.left", { time: roughly(left) })}</span>
  </p>`;
}
