// A part of a view that stands for itself: it loads, fails and recovers without its neighbours.
//
//   <${Panel} title=${…} poll=${usePoll(…)} rows=${3}>${(data) => html`…`}<//>
import { html } from "../html.js";
import { StaleBanner } from "./banners.js";
import { ErrorState, LoadingState } from "./states.js";

/**
 * @template T
 * @param {{ title: string, poll: import("../polling.js").Seen<T> & { refresh: () => void },
 *   rows?: number, link?: any, children: (data: T) => any }} props
 */
export function Panel({ title, poll, rows = 3, link, children }) {
  const { data, error, refresh } = poll;
  return html`<section class="card panel" aria-label=${title}>
    <div class="panel-head"><h2>${title}</h2>${link}</div>
    ${data !== undefined && html`<${StaleBanner} error=${error} />`}
    ${data !== undefined && children(data)}
    ${data === undefined && (error ? html`<${ErrorState} error=${error} onRetry=${refresh} />` : html`<${LoadingState} rows=${rows} />`)}
  </section>`;
}
