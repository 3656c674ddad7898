// The mailings, newest first: where each stands, and when it is.

import { StaleBanner } from "../components/banners.js";
import { DataTable } from "../components/data-table.js";
import { HowFar } from "../components/how-far.js";
import { Icon } from "../components/icons.js";
import { Instant } from "../components/instant.js";
import { MoreList } from "../components/more-list.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { StatusBadge } from "../components/status-badge.js";
import { useEndless } from "../endless.js";
import { relative, shortened, zoneName } from "../format.js";
import { html } from "../html.js";
import { loadRows } from "../mailing-rows.js";
import { href, navigate } from "../router.js";
import own from "../words/mailings.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../mailing-rows.js").Row} Row */

const t = translator(shared, own);
const STATUSES = ["scheduled", "running", "paused", "finished", "cancelled"];
/** The counts follow the messages within two seconds; faster would only look busy. */
const EVERY_MS = 4_000;

/** @param {{ query: Record<string, string> }} props */
export default function Mailings({ query }) {
  const status = STATUSES.find((each) => each === query.status) ?? "";
  const list = useEndless(
    `mailings ${status}`,
    (cursor, limit, signal) => loadRows(status, cursor, limit, signal),
    {
      idOf: (/** @type {Row} */ row) => row.id,
      everyMs: EVERY_MS,
    },
  );
  const create = html`<a role="button" href="#/mailings/new"><${Icon} name="plus" />${t("mailings.new")}</a>`;
  return html`<${Page} title=${t("mailings.title")} lead=${t("app.zone", { zone: zoneName() })} actions=${create}>
    <${Filter} status=${status} />
    ${list.items.length > 0 && html`<${StaleBanner} error=${list.error} />`}
    <${Content} list=${list} status=${status} />
  <//>`;
}

/** @param {{ list: ReturnType<typeof useEndless<Row>>, status: string }} props */
function Content({ list, status }) {
  if (list.items.length > 0) {
    return html`<${DataTable} label=${t("mailings.title")} columns=${columns()} rows=${list.items} rowKey=${(/** @type {Row} */ row) => row.id} />
      <${MoreList} ...${list.more} />`;
  }
  if (list.loading) return html`<${LoadingState} rows=${6} />`;
  if (list.error) return html`<${ErrorState} error=${list.error} onRetry=${list.refresh} />`;
  if (status)
    return html`<${EmptyState} title=${t("mailings.noneSuch")} detail=${t("mailings.noneSuch.do")} />`;
  return html`<${EmptyState} title=${t("mailings.none")} detail=${t("mailings.none.do")}>
    <a role="button" href="#/mailings/new">${t("mailings.new")}</a>
  <//>`;
}

/** @param {{ status: string }} props */
function Filter({ status }) {
  const choices = ["", ...STATUSES].map(
    (each) => html`<label key=${each}>
      <input
        type="radio"
        name="status"
        value=${each}
        checked=${each === status}
        onChange=${() => navigate(href("/mailings", {}, { status: each }), { replace: true })}
      />
      <span>${each ? t(`mailings.of.${each}`) : t("app.all")}</span>
    </label>`,
  );
  return html`<fieldset class="segments">
    <legend class="visually-hidden">${t("mailings.filter")}</legend>
    ${choices}
  </fieldset>`;
}

function columns() {
  return [
    {
      title: t("mailings.text"),
      main: true,
      cell: (/** @type {Row} */ row) =>
        html`<a class="text" href=${href("/mailings/{id}", { id: row.id })}>${shortened(row.text)}</a>`,
    },
    {
      title: t("mailings.status"),
      width: "10.5rem",
      cell: (/** @type {Row} */ row) => html`<${StatusBadge} status=${row.status} />`,
    },
    {
      title: t("mailings.schedule"),
      width: "11.5rem",
      cell: (/** @type {Row} */ row) => html`<${When} row=${row} />`,
    },
    {
      title: t("mailings.progress"),
      width: "15rem",
      cell: (/** @type {Row} */ row) => html`<${HowFar} counts=${row.counts} />`,
    },
  ];
}

/** @param {{ row: Row }} props */
function When({ row }) {
  const to = row.status === "scheduled" ? relative(row.starts_at) : null;
  return html`<div class="pair">
    <${Instant} at=${row.starts_at} />
    <span class="muted">
      ${to ? t("mailings.starts", { when: to }) : html`→ <${Instant} at=${row.ends_at} />`}
    </span>
  </div>`;
}
