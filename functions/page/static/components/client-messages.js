// What one client was or will be sent.
import { api } from "../context.js";
import { useEndless } from "../endless.js";
import { errorWords } from "../error-words.js";
import { relative } from "../format.js";
import { html } from "../html.js";
import { reasonInWords } from "../message-words.js";
import { href } from "../router.js";
import own from "../words/clients.js";
import { translator } from "../words.js";
import { StaleBanner } from "./banners.js";
import { DataTable } from "./data-table.js";
import { Instant } from "./instant.js";
import { MoreList } from "./more-list.js";
import { EmptyState, ErrorState, LoadingState } from "./states.js";
import { StatusBadge } from "./status-badge.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {Message & { text: string | null }} Row */

const t = translator(own);
const EVERY_MS = 5_000;
const TEXT_MAX = 90;

/** Texts of mailings by their id: a client has few mailings and many look-ups of them. */
const texts = new Map();

/** @param {string} id @param {AbortSignal} signal @returns {Promise<string | null>} null for a mailing that is gone */
async function textOf(id, signal) {
  if (!texts.has(id)) {
    const mailing = await api.get(`/mailings/${id}`, { signal }).catch(() => null);
    if (mailing) texts.set(id, mailing.text);
  }
  return texts.get(id) ?? null;
}

/** @param {string} id @param {string | null} cursor @param {number} limit @param {AbortSignal} signal */
async function load(id, cursor, limit, signal) {
  const page = await api.get(`/clients/${id}/messages`, { query: { limit, cursor }, signal });
  const mailings = [...new Set(page.items.map((/** @type {Message} */ each) => each.mailing_id))];
  await Promise.all(mailings.map((/** @type {any} */ each) => textOf(each, signal)));
  const items = page.items.map((/** @type {Message} */ each) => ({
    ...each,
    text: texts.get(each.mailing_id) ?? null,
  }));
  return { items, next_cursor: page.next_cursor };
}

/** @param {{ id: string }} props the client's */
export function ClientMessages({ id }) {
  const list = useEndless(
    `messages of ${id}`,
    (cursor, limit, signal) => load(id, cursor, limit, signal),
    { idOf: (/** @type {Row} */ row) => row.id, everyMs: EVERY_MS },
  );
  return html`<section aria-labelledby="client-messages">
    <h2 id="client-messages">${t("client.messages")}</h2>
    ${list.items.length > 0 && html`<${StaleBanner} error=${list.error} />`}
    <${Content} list=${list} />
  </section>`;
}

/** @param {{ list: ReturnType<typeof useEndless<Row>> }} props */
function Content({ list }) {
  if (list.items.length > 0) {
    return html`<${DataTable} label=${t("client.messages")} columns=${columns()} rows=${list.items} rowKey=${(/** @type {Row} */ row) => row.id} />
      <${MoreList} ...${list.more} />`;
  }
  if (list.loading) return html`<${LoadingState} rows=${3} />`;
  if (list.error) return html`<${ErrorState} error=${list.error} onRetry=${list.refresh} />`;
  return html`<${EmptyState} title=${t("client.messages.none")} detail=${t("client.messages.none.do")} />`;
}

function columns() {
  return [
    {
      title: t("client.messages.mailing"),
      main: true,
      cell: (/** @type {Row} */ row) =>
        html`<a class="text" href=${href("/mailings/{id}", { id: row.mailing_id }, { message: row.id })}>${shortened(row.text)}</a>`,
    },
    {
      title: t("client.messages.status"),
      width: "9rem",
      cell: (/** @type {Row} */ row) => html`<${StatusBadge} of="message" status=${row.status} />`,
    },
    {
      title: t("client.messages.why"),
      width: "17rem",
      cell: (/** @type {Row} */ row) => html`<${Why} row=${row} />`,
    },
    {
      title: t("client.messages.when"),
      width: "12rem",
      cell: (/** @type {Row} */ row) => html`<${When} row=${row} />`,
    },
  ];
}

/** @param {string | null} text */
function shortened(text) {
  const letters = [...(text ?? t("client.messages.unnamed"))];
  return letters.length > TEXT_MAX ? `${letters.slice(0, TEXT_MAX).join("")}…` : letters.join("");
}

/** @param {{ row: Row }} props */
function Why({ row }) {
  const error = row.last_error === null ? null : errorWords(row.last_error);
  return html`<div class="pair">
    ${row.reason && html`<span>${reasonInWords(row.reason)}</span>`}
    ${error && html`<span title=${error.code ?? undefined}>${error.title}</span>`}
    <span class="muted tabular">${t("client.messages.attempts", { count: row.attempts })}</span>
  </div>`;
}

/** @param {{ row: Row }} props */
function When({ row }) {
  const waits = row.status === "pending" && row.attempts > 0;
  const next = waits && new Date(row.not_before) > new Date() ? relative(row.not_before) : null;
  return html`<div class="pair">
    <${Instant} at=${row.sent_at ?? row.created_at} />
    ${next && html`<span class="muted">${t("client.messages.dueAt", { when: next })}</span>`}
  </div>`;
}
