// How much waits in the queues, and what was given up on.
import { api } from "../context.js";
import { number } from "../format.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import own from "../words/overview.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";
import { Panel } from "./panel.js";

/** @typedef {import("../types.js").Queues} Queues */

const t = translator(own);
/** SQS's own numbers are about a minute old. */
const EVERY_MS = 10_000;

export function QueuesPanel() {
  const poll = usePoll("queues", (signal) => api.get("/queues", { signal }), { everyMs: EVERY_MS });
  return html`<${Panel} title=${t("queues.title")} poll=${poll}>
    ${(/** @type {Queues} */ queues) => html`<${Depths} queues=${queues} /><${DeadLetters} of=${queues.dead_letters} />`}
  <//>`;
}

/** @param {{ queues: Queues }} props */
function Depths({ queues }) {
  const lines = /** @type {const} */ (["messages", "fanout", "imports"]).map((name) => {
    const { ready, delayed, in_flight } = queues[name];
    return html`<tr key=${name}>
      <th scope="row">${t(`queues.${name}`)}</th>
      ${[ready, delayed, in_flight].map((each, index) => html`<td key=${index} class="numeric">${number(each)}</td>`)}
    </tr>`;
  });
  return html`<table class="lesser" aria-label=${t("queues.title")}>
    <thead>
      <tr>
        <th scope="col">${t("queues.name")}</th>
        ${["ready", "delayed", "inFlight"].map((each) => html`<th key=${each} scope="col" class="numeric">${t(`queues.${each}`)}</th>`)}
      </tr>
    </thead>
    <tbody>${lines}</tbody>
  </table>`;
}

/** @param {{ of: Queues["dead_letters"] }} props */
function DeadLetters({ of }) {
  const count = of.messages + of.fanout + of.imports + of.undeliverable;
  return html`<div role="status">
    ${
      count > 0
        ? html`<p class="warning"><${Icon} name="alert" /><span>${t("queues.dead", { count })}</span></p>`
        : html`<p class="muted small">${t("queues.dead.none")} ${t("queues.about")}</p>`
    }
  </div>`;
}
