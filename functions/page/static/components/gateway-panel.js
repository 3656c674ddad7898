// How the gateway does, in plain words and a few numbers.
import { api } from "../context.js";
import { errorWords } from "../error-words.js";
import { clock, number, percent, relative } from "../format.js";
import { lately, sums } from "../gateway-minutes.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import own from "../words/overview.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";
import { MinuteBars } from "./minute-bars.js";
import { Panel } from "./panel.js";

/** @typedef {import("../types.js").Gateway} Gateway */

const t = translator(own);
const EVERY_MS = 5_000;
const SECOND_MS = 1_000;
/** @type {Record<string, import("./icons.js").IconName>} */
const SIGNS = { idle: "clock", well: "check", troubled: "alert", down: "stop" };

export function GatewayPanel() {
  const poll = usePoll("gateway", (signal) => api.get("/gateway", { signal }), {
    everyMs: EVERY_MS,
  });
  return html`<${Panel} title=${t("gateway.title")} poll=${poll} rows=${5}>
    ${(/** @type {Gateway} */ gateway) => html`<${Health} gateway=${gateway} /><${MinuteBars} minutes=${gateway.minutes} now=${new Date()} /><${Figures} gateway=${gateway} />`}
  <//>`;
}

/** @param {{ gateway: Gateway }} props */
function Health({ gateway: { status, breaker } }) {
  return html`<p class="health" data-status=${status} role="status">
    <${Icon} name=${SIGNS[status] ?? "question"} />
    <span>
      <b>${t(`gateway.${status}`)}.</b> ${t(`gateway.${status}.do`)}
      ${breaker.open && breaker.until && html` ${t("gateway.breaker", { when: clock(breaker.until) })}`}
    </span>
  </p>`;
}

/** @param {{ gateway: Gateway }} props */
function Figures({ gateway }) {
  const { calls, failed } = sums(gateway.minutes);
  const last = lately(gateway.minutes);
  const trouble = gateway.last_error && errorWords(gateway.last_error);
  return html`<dl class="facts">
    <${Fact} name=${t("gateway.calls")}>${number(calls)}<//>
    <${Fact} name=${t("gateway.errors")}>
      ${number(failed)} ${calls > 0 && html`<span class="muted">(${percent(failed / calls)})</span>`}
    <//>
    ${
      last &&
      html`<${Fact} name=${t("gateway.answer")}>
        ${t("gateway.answer.half", { time: inTime(last.p50_ms) })}, ${t("gateway.answer.most", { time: inTime(last.p95_ms) })}
      <//>`
    }
    <${Fact} name=${t("gateway.pace")}>${paceOf(gateway.pace)}<//>
    ${
      trouble &&
      html`<${Fact} name=${t("gateway.lastError")}>
        ${trouble.title}
        <span class="muted small line">${[trouble.code, gateway.last_error_at && relative(gateway.last_error_at)].filter(Boolean).join(" · ")}</span>
      <//>`
    }
  </dl>`;
}

/** @param {{ name: string, children: any }} props */
function Fact({ name, children }) {
  return html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
}

/** @param {number} ms */
function inTime(ms) {
  return ms < SECOND_MS
    ? t("gateway.ms", { number: number(ms) })
    : t("gateway.s", { number: number(Math.round(ms / (SECOND_MS / 10)) / 10) });
}

/** @param {Gateway["pace"]} pace */
function paceOf({ parts_per_s, share }) {
  if (parts_per_s === null) return t("gateway.pace.none");
  const pace = number(parts_per_s);
  return share < 1
    ? t("gateway.pace.slowed", { pace, share: percent(share) })
    : t("gateway.pace.full", { pace });
}
