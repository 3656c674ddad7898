// What is going on: all messages by status, mailings under way and coming up, gateway and queues.
// Each panel asks for itself, so that one that fails leaves the others.

import { GatewayPanel } from "../components/gateway-panel.js";
import { HowFar } from "../components/how-far.js";
import { Icon } from "../components/icons.js";
import { Instant } from "../components/instant.js";
import { Page } from "../components/page.js";
import { Panel } from "../components/panel.js";
import { QueuesPanel } from "../components/queues-panel.js";
import { StackedBar } from "../components/stacked-bar.js";
import { EmptyState } from "../components/states.js";
import { StatusBadge } from "../components/status-badge.js";
import { api } from "../context.js";
import { number, relative, shortened, zoneName } from "../format.js";
import { html } from "../html.js";
import { loadRows } from "../mailing-rows.js";
import { usePoll } from "../polling.js";
import { href } from "../router.js";
import own from "../words/overview.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../types.js").Mailing} Mailing */
/** @typedef {import("../types.js").Overview} Stats */
/** @typedef {import("../mailing-rows.js").Row} Row */

const t = translator(shared, own);
const NOW_EVERY_MS = 5_000;
const NEXT_EVERY_MS = 20_000;
const NOW_SHOWN = 10;
const NEXT_SHOWN = 5;
/** The API lists by age, not by start: so many of the scheduled are looked through for the next. */
const LOOKED_THROUGH = 600;
const PAGE = 200;

export default function Overview() {
  const stats = usePoll("stats", (signal) => api.get("/stats", { query: { limit: 1 }, signal }), {
    everyMs: NOW_EVERY_MS,
  });
  const isNew = stats.data?.items.length === 0;
  const create = html`<a role="button" href="#/mailings/new"><${Icon} name="plus" />${t("overview.create")}</a>`;
  return html`<${Page} title=${t("app.overview")} lead=${t("app.zone", { zone: zoneName() })} actions=${!isNew && create}>
    ${isNew ? html`<${Welcome} />` : html`<${Totals} poll=${stats} />`}
    <div class="panels">
      ${!isNew && html`<div><${Now} /><${Next} /></div>`}
      <div><${GatewayPanel} /><${QueuesPanel} /></div>
    </div>
  <//>`;
}

function Welcome() {
  return html`<div class="welcome">
    <${EmptyState} title=${t("overview.welcome")} detail=${t("overview.welcome.do")}>
      <div class="actions">
        <a role="button" href="#/clients/import">${t("overview.import")}</a>
        <a role="button" class="secondary" href="#/mailings/new">${t("overview.create")}</a>
      </div>
    <//>
  </div>`;
}

/** @param {{ poll: import("../polling.js").Seen<Stats> & { refresh: () => void } }} props */
function Totals({ poll }) {
  return html`<${Panel} title=${t("overview.totals")} poll=${poll} rows=${2}>
    ${(
      /** @type {Stats} */ { counts },
    ) => html`<p class="figure"><b>${number(counts.total)}</b> ${t("overview.totals.count", { count: counts.total })}</p>
      <${StackedBar} counts=${counts} legend />`}
  <//>`;
}

function Now() {
  const poll = usePoll("now", (signal) => goingOn(signal), { everyMs: NOW_EVERY_MS });
  return html`<${Panel} title=${t("overview.now")} poll=${poll}>
    ${(/** @type {Row[]} */ rows) =>
      rows.length === 0
        ? html`<p class="muted">${t("overview.now.none")}</p>`
        : html`<ul class="lines">${rows.map((each) => html`<${Going} key=${each.id} row=${each} />`)}</ul>
          ${rows.length >= NOW_SHOWN && html`<a href="#/mailings?status=running">${t("overview.all")}</a>`}`}
  <//>`;
}

/** @param {{ row: Row }} props */
function Going({ row }) {
  return html`<li>
    <div class="line-head">
      <a class="text" href=${href("/mailings/{id}", { id: row.id })}>${shortened(row.text)}</a>
      <${StatusBadge} status=${row.status} />
    </div>
    <${HowFar} counts=${row.counts} />
    <span class="muted small">${t("overview.ends", { when: relative(row.ends_at) })} · <${Instant} at=${row.ends_at} /></span>
  </li>`;
}

function Next() {
  const poll = usePoll("next", (signal) => comingUp(signal), { everyMs: NEXT_EVERY_MS });
  return html`<${Panel} title=${t("overview.next")} poll=${poll}>
    ${(/** @type {Mailing[]} */ mailings) =>
      mailings.length === 0
        ? html`<p class="muted">${t("overview.next.none")}</p>`
        : html`<ul class="lines">${mailings.slice(0, NEXT_SHOWN).map((each) => html`<${Coming} key=${each.id} mailing=${each} />`)}</ul>
          ${
            mailings.length > NEXT_SHOWN &&
            html`<a href="#/mailings?status=scheduled">${t("overview.more", { count: mailings.length - NEXT_SHOWN })}</a>`
          }`}
  <//>`;
}

/** @param {{ mailing: Mailing }} props */
function Coming({ mailing }) {
  return html`<li>
    <a class="text" href=${href("/mailings/{id}", { id: mailing.id })}>${shortened(mailing.text)}</a>
    <span class="muted small">${relative(mailing.starts_at)} · <${Instant} at=${mailing.starts_at} /></span>
  </li>`;
}

/** @param {AbortSignal} signal @returns {Promise<Row[]>} */
async function goingOn(signal) {
  const pages = await Promise.all(
    ["running", "paused"].map((status) => loadRows(status, null, NOW_SHOWN, signal)),
  );
  return pages.flatMap((each) => each.items);
}

/** The scheduled ones, the next first. @param {AbortSignal} signal @returns {Promise<Mailing[]>} */
async function comingUp(signal) {
  /** @type {Mailing[]} */
  const found = [];
  let cursor = null;
  do {
    const query = { status: "scheduled", limit: PAGE, cursor };
    const page = await api.get("/mailings", { query, signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && found.length < LOOKED_THROUGH);
  return found.sort((one, other) => one.starts_at.localeCompare(other.starts_at));
}
