// One message, looked into: what became of it, why, and what comes next.
import { useId } from "preact/hooks";
import { Icon } from "../components/icons.js";
import { Instant } from "../components/instant.js";
import { useModal } from "../components/modal.js";
import { LoadingState } from "../components/states.js";
import { StatusBadge } from "../components/status-badge.js";
import { api } from "../context.js";
import { errorWords } from "../error-words.js";
import { ApiError, isAborted } from "../faults.js";
import { dateTime, phone, relative } from "../format.js";
import { html } from "../html.js";
import { reasonInWords } from "../message-words.js";
import { usePoll } from "../polling.js";
import { explain } from "../problems.js";
import { href, navigate } from "../router.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
const PENDING_MS = 2_000;

/** @typedef {import("../types.js").Message} Message */
/** @typedef {{ message: Message, client: import("../types.js").Client | null }} Seen */

/**
 * @param {{ mailing: import("../types.js").Mailing, messageId: string, query: Record<string, string> }} props
 */
export function MessageDialog({ mailing, messageId, query }) {
  const dialog = useModal();
  const title = useId();
  const seen = usePoll(`message ${messageId}`, (signal) => load(messageId, signal), {
    everyMs: pollEvery,
  });
  const close = () =>
    navigate(href("/mailings/{id}", { id: mailing.id }, { status: query.status }), {
      replace: true,
    });
  return html`<dialog ref=${dialog} aria-labelledby=${title} onCancel=${close}>
    <article class="message">
      <div class="card-head">
        <h2 id=${title}>${t("message.title")}</h2>
        <button type="button" class="plain" aria-label=${t("app.close")} onClick=${close}><${Icon} name="close" /></button>
      </div>
      ${seen.data && html`<${Facts} mailing=${mailing} ...${seen.data} />`}
      ${seen.loading && html`<${LoadingState} rows=${5} />`}
      ${Boolean(seen.error) && html`<p class="mistake" role="alert">${explain(seen.error).title}. ${explain(seen.error).detail}</p>`}
    </article>
  </dialog>`;
}

/** @param {Seen & { mailing: import("../types.js").Mailing }} props */
function Facts({ message, client, mailing }) {
  const error = message.last_error ? errorWords(message.last_error) : null;
  const again =
    message.status === "pending" &&
    mailing.status === "running" &&
    new Date(message.not_before) > new Date();
  return html`<dl class="mailing-facts rows">
    <${Fact} label=${t("messages.status")}>
      <${StatusBadge} status=${message.status} of="message" />
      ${message.reason && html`<p class="muted">${reasonInWords(message.reason)}</p>`}
    <//>
    <${Fact} label=${t("messages.client")}>
      <a href=${href("/clients/{id}", { id: message.client_id })}>${client ? phone(client.phone) : message.client_id}</a>
    <//>
    <${Fact} label=${t("message.attempts")}><span class="tabular">${message.attempts}</span><//>
    ${
      error &&
      html`<${Fact} label=${t("message.lastError")}>
        ${error.title} ${error.code && html`<code>${error.code}</code>`}
        ${message.status !== "sent" && error.todo && html`<p class="muted">${error.todo}</p>`}
      <//>`
    }
    ${
      again &&
      html`<${Fact} label=${t("message.next")}>
        ${dateTime(message.not_before)} <span class="muted">${relative(message.not_before)}</span>
      <//>`
    }
    <${Fact} label=${t("message.created")}><${Instant} at=${message.created_at} /><//>
    ${message.sent_at && html`<${Fact} label=${t("message.sentAt")}><${Instant} at=${message.sent_at} /><//>`}
    <${Fact} label=${t("message.gatewayId")}><code>${message.gateway_id}</code><//>
  </dl>`;
}

/** @param {{ label: string, children: any }} props */
function Fact({ label, children }) {
  return html`<div><dt>${label}</dt><dd>${children}</dd></div>`;
}

/** @param {Seen | undefined} seen */
const pollEvery = (seen) =>
  seen === undefined || seen.message.status === "pending" ? PENDING_MS : 0;

/** @param {string} id @param {AbortSignal} signal @returns {Promise<Seen>} */
async function load(id, signal) {
  const message = await api.get(`/messages/${encodeURIComponent(id)}`, { signal });
  try {
    return { message, client: await api.get(`/clients/${message.client_id}`, { signal }) };
  } catch (error) {
    if (isAborted(error) || !(error instanceof ApiError)) throw error;
    return { message, client: null }; // deleted meanwhile
  }
}
