// A client's tags as they are read; the first few where there are many.
import { html } from "../html.js";
import own from "../words/clients.js";
import { translator } from "../words.js";

const t = translator(own);
const SHOWN_MAX = 6;

/** @param {{ tags: readonly string[], all?: boolean }} props */
export function Tags({ tags, all = false }) {
  if (tags.length === 0) return html`<span class="muted">${t("clients.noTags")}</span>`;
  const shown = all ? tags : tags.slice(0, SHOWN_MAX);
  const rest = tags.length - shown.length;
  return html`<span class="tags">
    ${shown.map((each) => html`<span key=${each} class="tag">${each}</span>`)}
    ${rest > 0 && html`<span class="muted" title=${tags.slice(SHOWN_MAX).join(", ")}>${t("clients.moreTags", { count: rest })}</span>`}
  </span>`;
}
