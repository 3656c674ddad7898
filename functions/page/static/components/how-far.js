// How far a mailing is: its bar, and what is done of all; failures are named.
import { number } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailings.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { StackedBar } from "./stacked-bar.js";

const t = translator(shared, own);

/** @param {{ counts: import("../types.js").Counts | null }} props */
export function HowFar({ counts }) {
  if (counts === null || counts.total === 0)
    return html`<span class="muted">${t("message.none")}</span>`;
  const done = counts.total - counts.pending;
  const also = [
    counts.failed > 0 && t("mailings.failedToo", { number: number(counts.failed) }),
    counts.unknown > 0 && t("mailings.unknownToo", { number: number(counts.unknown) }),
  ].filter(Boolean);
  return html`<div class="pair">
    <${StackedBar} counts=${counts} />
    <span class="tabular muted">
      ${t("mailings.done", { done: number(done), total: number(counts.total) })}
      ${also.length > 0 && html`<span class="bad"> · ${also.join(" · ")}</span>`}
    </span>
  </div>`;
}
