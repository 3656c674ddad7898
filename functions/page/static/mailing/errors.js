// Why messages were not sent, in words; and that the gateway is out of order, while it matters.
import { errorWords } from "../error-words.js";
import { duration, number } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { isAsleep } from "./progress-words.js";

const t = translator(shared, own);
const SHOWN = 5;

/** @param {{ statistics: import("../types.js").MailingStatistics }} props */
export function TopErrors({ statistics }) {
  const errors = statistics.errors ?? [];
  if (errors.length === 0) return null;
  const lines = errors.slice(0, SHOWN).map(({ error, messages }) => {
    const { title, todo, code } = errorWords(error);
    return html`<li key=${error}>
      <div>
        <b>${title}</b> ${code && html`<code>${code}</code>`}
        ${todo && html`<p class="muted">${todo}</p>`}
      </div>
      <span class="tabular">${number(messages)}</span>
    </li>`;
  });
  const rest = errors.slice(SHOWN).reduce((sum, each) => sum + each.messages, 0);
  return html`<section class="card" aria-labelledby="mailing-errors">
    <h2 id="mailing-errors">${t("mailing.errors")}</h2>
    <p class="errors-lead muted">${t("mailing.errors.lead")}</p>
    <ul class="errors">
      ${lines}
      ${rest > 0 && html`<li key="rest"><span class="muted">${t("mailing.errors.rest")}</span><span class="tabular">${number(rest)}</span></li>`}
    </ul>
  </section>`;
}

/** @param {{ seen: import("./progress-words.js").Seen, now: Date }} props */
export function GatewayBanner({ seen, now }) {
  const { mailing, statistics, gateway } = seen;
  const matters =
    mailing.status === "running" && statistics.counts.pending > 0 && !isAsleep(seen, now);
  const bad = gateway?.status === "down" || gateway?.status === "troubled";
  return html`<div role="status">
    ${
      matters &&
      bad &&
      html`<div class="banner outage" data-down=${gateway.status === "down" ? "" : undefined}>
        <p><b>${t(`mailing.gateway.${gateway.status}`)}</b> ${why(gateway, now)}</p>
      </div>`
    }
  </div>`;
}

/** @param {import("../types.js").Gateway} gateway @param {Date} now */
function why({ last_error: error, breaker }, now) {
  const words = error ? errorWords(error) : null;
  const wait = breaker.until ? (new Date(breaker.until).getTime() - now.getTime()) / 1000 : 0;
  const next = wait >= 1 ? t("mailing.gateway.next", { time: duration(wait) }) : "";
  return [words && `${words.title}.`, words?.todo, next].filter(Boolean).join(" ");
}
