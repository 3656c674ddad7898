// The shape of a mailing before it is here, so that nothing jumps when it is.
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

export function Skeleton() {
  return html`<div class="mailing-grid" role="status">
    <span class="visually-hidden">${t("app.loading")}</span>
    <div class="mailing-main">
      <span class="bone shape-counts" />
      <span class="bone shape-chart" />
    </div>
    <div class="mailing-side">
      <span class="bone shape-about" />
      <span class="bone shape-schedule" />
    </div>
  </div>`;
}
