// How many messages a change to a mailing that is under way will touch.
import { api } from "../context.js";
import { number } from "../format.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import own from "../words/mailing-preview.js";
import { translator } from "../words.js";
import { ErrorState, LoadingState } from "./states.js";

const t = translator(own);
const EVERY_MS = 5_000;

/** @param {{ id: string }} props */
export function StillToSend({ id }) {
  const { data, error, refresh } = usePoll(
    `stats ${id}`,
    (signal) => api.get(`/mailings/${id}/stats`, { signal }),
    { everyMs: EVERY_MS },
  );
  const pending = data?.counts.pending;
  return html`<section class="card preview" aria-label=${t("preview.running")}>
    <h2>${t("preview.running")}</h2>
    ${!data && !error && html`<${LoadingState} rows=${1} />`}
    ${!data && Boolean(error) && html`<${ErrorState} error=${error} onRetry=${refresh} />`}
    ${data && html`<p class="figure"><b>${number(pending)}</b></p><p class="muted">${t("preview.pending", { count: pending })}</p>`}
  </section>`;
}
