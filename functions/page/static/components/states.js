// What a view shows when there is nothing, not yet something, or something went wrong.

import { html } from "../html.js";
import { explain } from "../problems.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/**
 * Nothing there, and what to do about it.
 * @param {{ title: string, detail?: string, children?: any }} props
 */
export function EmptyState({ title, detail, children }) {
  return html`<div class="state">
    <p class="state-title">${title}</p>
    ${detail && html`<p class="muted">${detail}</p>`} ${children}
  </div>`;
}

/**
 * Grey lines in the shape of what comes, so that nothing jumps; `rows` as many as are likely.
 * @param {{ rows?: number }} props
 */
export function LoadingState({ rows = 5 }) {
  const lines = Array.from(
    { length: rows },
    (_, index) => html`<span class="bone" key=${index} />`,
  );
  return html`<div class="skeleton" role="status"><span class="visually-hidden">${t("app.loading")}</span>${lines}</div>`;
}

/**
 * An error in words, and a way to try again.
 * @param {{ error: unknown, onRetry?: () => void, title?: string, detail?: string }} props
 */
export function ErrorState({ error, onRetry, title, detail }) {
  const told = explain(error);
  return html`<div class="state" role="alert">
    <p class="state-title">${title ?? told.title}</p>
    <p class="muted">${detail ?? told.detail}</p>
    ${onRetry && html`<button type="button" class="secondary" onClick=${onRetry}>${t("app.retry")}</button>`}
  </div>`;
}
