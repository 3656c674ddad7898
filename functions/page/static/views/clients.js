// The clients: found by phone or filtered, with the time that it is for each of them.
import { useEffect, useRef, useState } from "preact/hooks";
import { AddClient } from "../components/add-client.js";
import { StaleBanner } from "../components/banners.js";
import { ClientFilter } from "../components/client-filter.js";
import { CsvDownload } from "../components/csv-download.js";
import { DataTable } from "../components/data-table.js";
import { Icon } from "../components/icons.js";
import { LocalClock } from "../components/local-clock.js";
import { MoreList } from "../components/more-list.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { Tags } from "../components/tags.js";
import { api } from "../context.js";
import { useEndless } from "../endless.js";
import { phone as spaced } from "../format.js";
import { html } from "../html.js";
import { phoneOf } from "../phones.js";
import { href, navigate } from "../router.js";
import own from "../words/clients.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../types.js").Client} Client */
/** @typedef {{ phone: string, tag: string, operator_code: string }} Filter */

const t = translator(shared, own);
/** Others add and change clients, too; seldom enough to look for it now and then. */
const EVERY_MS = 20_000;
/** By then the list surely has who was added; it follows within a second. */
const FOLLOWS_MS = 1_500;

/** @param {Record<string, string>} query @returns {Filter} */
const filterOf = ({ phone = "", tag = "", operator_code = "" }) => ({
  phone: phoneOf(phone) ?? "",
  tag,
  operator_code,
});

/** @param {Filter} filter @param {{ add?: string }} [more] */
const show = (filter, more = {}) =>
  navigate(href("/clients", {}, { ...filter, ...more }), { replace: true });

/** @param {{ query: Record<string, string> }} props */
export default function Clients({ query }) {
  const filter = filterOf(query);
  const list = useEndless(
    `clients ${JSON.stringify(filter)}`,
    (cursor, limit, signal) => api.get("/clients", { query: { ...filter, limit, cursor }, signal }),
    { idOf: (/** @type {Client} */ client) => client.id, everyMs: EVERY_MS },
  );
  const added = useAdded(list.refresh);
  const { phone, ...exported } = filter;
  const actions = html`
    <${CsvDownload} path="/clients/export" query=${exported} name="clients.csv" label=${t("clients.export")} disabled=${phone !== ""} />
    <a role="button" class="secondary" href="#/clients/import"><${Icon} name="upload" />${t("clients.import")}</a>
    <a role="button" href=${href("/clients", {}, { ...filter, add: "yes" })}><${Icon} name="plus" />${t("clients.new")}</a>`;
  return html`<${Page} title=${t("clients.title")} actions=${actions}>
    ${
      query.add &&
      html`<${AddClient} phone=${phone} onClose=${() => show(filter)} onAdded=${() => {
        show(filter);
        added();
      }} />`
    }
    <${ClientFilter} filter=${filter} onChange=${(/** @type {Filter} */ next) => show(next)} />
    ${list.items.length > 0 && html`<${StaleBanner} error=${list.error} />`}
    <${Content} list=${list} filter=${filter} />
  <//>`;
}

/**
 * Looks for who was just added, at once and once more when the list surely has them.
 * @param {() => void} refresh
 */
function useAdded(refresh) {
  const [times, setTimes] = useState(0);
  const present = useRef(refresh);
  present.current = refresh;
  useEffect(() => {
    if (times === 0) return;
    present.current();
    const timer = setTimeout(() => present.current(), FOLLOWS_MS);
    return () => clearTimeout(timer);
  }, [times]);
  return () => setTimes(times + 1);
}

/** @param {{ list: ReturnType<typeof useEndless<Client>>, filter: Filter }} props */
function Content({ list, filter }) {
  if (list.items.length > 0) {
    return html`<${DataTable} label=${t("clients.title")} columns=${columns()} rows=${list.items} rowKey=${(/** @type {Client} */ each) => each.id} />
      <${MoreList} ...${list.more} />`;
  }
  if (list.loading) return html`<${LoadingState} rows=${8} />`;
  if (list.error) return html`<${ErrorState} error=${list.error} onRetry=${list.refresh} />`;
  // A rare filter in a large directory: many pages without anybody in them.
  if (list.more.more) {
    return html`<${EmptyState} title=${t("clients.goesOn")}><${MoreList} ...${list.more} /><//>`;
  }
  return html`<${Nobody} filter=${filter} />`;
}

/** @param {{ filter: Filter }} props */
function Nobody({ filter }) {
  const { phone, tag, operator_code } = filter;
  const add = html`<a role="button" href=${href("/clients", {}, { ...filter, add: "yes" })}>${t("clients.new")}</a>`;
  if (phone && !tag && !operator_code) {
    return html`<${EmptyState} title=${t("clients.nobody", { phone: spaced(phone).replaceAll(" ", "\u00a0") })} detail=${t("clients.nobody.do")}>${add}<//>`;
  }
  if (phone || tag || operator_code) {
    return html`<${EmptyState} title=${t("clients.noneSuch")} detail=${t("clients.noneSuch.do")} />`;
  }
  return html`<${EmptyState} title=${t("clients.none")} detail=${t("clients.none.do")}>
    <div class="actions">${add}<a role="button" class="secondary" href="#/clients/import">${t("clients.import")}</a></div>
  <//>`;
}

function columns() {
  return [
    {
      title: t("client.phone"),
      main: true,
      width: "13rem",
      cell: (/** @type {Client} */ each) =>
        html`<a class="tabular phone" href=${href("/clients/{id}", { id: each.id })}>${spaced(each.phone)}</a>`,
    },
    {
      title: t("clients.code"),
      width: "10rem",
      cell: (/** @type {Client} */ each) =>
        html`<span class="tabular"><span class="only-cards muted">${t("clients.code")} </span>${each.operator_code}</span>`,
    },
    {
      title: t("client.tags"),
      cell: (/** @type {Client} */ each) => html`<${Tags} tags=${each.tags} />`,
    },
    {
      title: t("clients.local"),
      width: "15rem",
      cell: (/** @type {Client} */ each) => html`<${LocalClock} zone=${each.timezone} />`,
    },
  ];
}
