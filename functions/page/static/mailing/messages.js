// A mailing's messages: by status, without end, each to be looked into, all of them as a file.
import { CsvDownload } from "../components/csv-download.js";
import { DataTable } from "../components/data-table.js";
import { Instant } from "../components/instant.js";
import { MoreList } from "../components/more-list.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { StatusBadge } from "../components/status-badge.js";
import { api } from "../context.js";
import { useEndless } from "../endless.js";
import { errorWords } from "../error-words.js";
import { number } from "../format.js";
import { html } from "../html.js";
import { reasonInWords } from "../message-words.js";
import { href, navigate } from "../router.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
const STATUSES = /** @type {const} */ ([
  "pending",
  "sent",
  "failed",
  "unknown",
  "expired",
  "cancelled",
]);
const PAGE = 25;
const SENDING_MS = 5_000;
const RESTING_MS = 30_000;

/** @typedef {import("../types.js").Message} Message */

/** @param {{ seen: import("./progress-words.js").Seen, query: Record<string, string> }} props */
export function Messages({ seen: { mailing, statistics }, query }) {
  const { id } = mailing;
  const status = STATUSES.find((each) => each === query.status) ?? "";
  const path = `/mailings/${id}/messages`;
  const list = useEndless(
    `messages ${id} ${status}`,
    (cursor, limit, signal) => api.get(path, { query: { status, limit, cursor }, signal }),
    {
      idOf: (/** @type {Message} */ each) => each.id,
      size: PAGE,
      everyMs: mailing.status === "running" ? SENDING_MS : RESTING_MS,
    },
  );
  const { counts } = statistics;
  if (counts.total === 0 && list.items.length === 0 && !status) return null;
  return html`<section class="messages" aria-labelledby="mailing-messages">
    <div class="messages-head">
      <h2 id="mailing-messages">${t("messages.title")}</h2>
      <${CsvDownload} path=${`${path}/export`} query=${{ status }} name=${fileName(id, status)} />
    </div>
    <${Filter} id=${id} status=${status} counts=${counts} />
    <${Content} list=${list} id=${id} status=${status} />
  </section>`;
}

/** @param {string} id @param {string} status */
const fileName = (id, status) => `${["messages", id, status].filter(Boolean).join("-")}.csv`;

/** @param {{ id: string, status: string, counts: import("../types.js").Counts }} props */
function Filter({ id, status, counts }) {
  const there = STATUSES.filter((each) => counts[each] > 0 || each === status);
  const choices = [/** @type {const} */ (""), ...there].map(
    (each) => html`<label key=${each}>
      <input
        type="radio"
        name="message-status"
        checked=${each === status}
        onChange=${() => navigate(href("/mailings/{id}", { id }, { status: each }), { replace: true })}
      />
      <span>
        ${each ? t(`message.${each}`) : t("app.all")} <b class="tabular">${number(each ? counts[each] : counts.total)}</b>
      </span>
    </label>`,
  );
  return html`<fieldset class="segments">
    <legend class="visually-hidden">${t("messages.filter")}</legend>
    ${choices}
  </fieldset>`;
}

/** @param {{ list: ReturnType<typeof useEndless<Message>>, id: string, status: string }} props */
function Content({ list, id, status }) {
  if (list.items.length > 0) {
    return html`<${DataTable} label=${t("messages.title")} columns=${columns(id, status)} rows=${list.items} rowKey=${(/** @type {Message} */ each) => each.id} />
      <${MoreList} ...${list.more} />`;
  }
  if (list.loading) return html`<${LoadingState} rows=${4} />`;
  if (list.error) return html`<${ErrorState} error=${list.error} onRetry=${list.refresh} />`;
  return html`<${EmptyState} title=${t("messages.none")} />`;
}

/** @param {string} id @param {string} status */
function columns(id, status) {
  return [
    {
      title: t("messages.client"),
      main: true,
      width: "13rem",
      cell: (/** @type {Message} */ each) =>
        html`<a class="code" href=${href("/clients/{id}", { id: each.client_id })}>${each.client_id}</a>`,
    },
    {
      title: t("messages.status"),
      width: "9.5rem",
      cell: (/** @type {Message} */ each) =>
        html`<${StatusBadge} status=${each.status} of="message" />`,
    },
    {
      title: t("messages.what"),
      cell: (/** @type {Message} */ each) => html`<${What} message=${each} />`,
    },
    {
      title: t("messages.details"),
      width: "8rem",
      cell: (/** @type {Message} */ each) => html`<a
        href=${href("/mailings/{id}", { id }, { status, message: each.id })}
        aria-label=${t("messages.look", { client: each.client_id })}
      >${t("messages.details")}</a>`,
    },
  ];
}

/** @param {{ message: Message }} props */
function What({ message }) {
  const why = message.last_error ? errorWords(message.last_error).title : null;
  const reason =
    message.reason && message.reason !== "refused" ? reasonInWords(message.reason) : null;
  const first = message.status === "sent" ? null : (reason ?? why);
  return html`<div class="pair">
    ${first && html`<span>${first}</span>`}
    <span class="muted tabular"><${When} message=${message} /></span>
  </div>`;
}

/** @param {{ message: Message }} props */
function When({ message }) {
  const attempts = t("messages.attempts", { count: message.attempts });
  if (message.status === "sent" && message.sent_at)
    return html`<${Instant} at=${message.sent_at} />${message.attempts > 1 && html` · ${attempts}`}`;
  const later = message.status === "pending" && new Date(message.not_before) > new Date();
  const next = later && html`<${Instant} at=${message.not_before} />`;
  if (message.attempts === 0) return next ? html`${t("messages.first")} ${next}` : null;
  return html`${attempts}${next && html` · ${t("messages.next")} ${next}`}`;
}
