// How a mailing's messages stand: one bar, a piece for each status, and the same in words.
import { number } from "../format.js";
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** In the order of their life. */
export const STATUSES = /** @type {const} */ ([
  "sent",
  "failed",
  "unknown",
  "expired",
  "cancelled",
  "pending",
]);

/** "1,207 messages. Sent: 1,204, Failed: 3" without those that there are none of. @param {import("../types.js").Counts} counts */
export function inWords(counts) {
  const told = STATUSES.filter((each) => counts[each] > 0).map(
    (each) => `${t(`message.${each}`)}: ${number(counts[each])}`,
  );
  if (told.length === 0) return t("message.none");
  return `${t("messages.count", { count: counts.total })}. ${told.join(", ")}`;
}

/** @param {{ counts: import("../types.js").Counts, legend?: boolean }} props */
export function StackedBar({ counts, legend = false }) {
  const there = STATUSES.filter((each) => counts[each] > 0);
  const pieces = there.map(
    (each) =>
      html`<span key=${each} data-status=${each} style=${{ flexGrow: counts[each] / counts.total }} />`,
  );
  const lines = there.map(
    (each) => html`<li key=${each}>
      <span class="dot" data-status=${each} />${t(`message.${each}`)} <b>${number(counts[each])}</b>
    </li>`,
  );
  return html`<div class="stacked">
    <div class="bar" role="img" aria-label=${inWords(counts)}>${pieces}</div>
    ${legend && html`<ul class="legend">${lines}</ul>`}
  </div>`;
}
