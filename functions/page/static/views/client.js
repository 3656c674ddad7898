// One client: everything that is known of them, to be edited in place, and their messages.
import { useState } from "preact/hooks";
import { StaleBanner } from "../components/banners.js";
import { ClientMessages } from "../components/client-messages.js";
import { ConfirmDialog } from "../components/confirm-dialog.js";
import { EditClient } from "../components/edit-client.js";
import { Instant } from "../components/instant.js";
import { LocalClock } from "../components/local-clock.js";
import { notify } from "../components/notices.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { Tags } from "../components/tags.js";
import { api } from "../context.js";
import { drafts } from "../drafts.js";
import { ApiError } from "../faults.js";
import { dateTime, phone as spaced, zoneName } from "../format.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import { navigate } from "../router.js";
import own from "../words/clients.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../types.js").Client} Client */

const t = translator(shared, own);
const EVERY_MS = 15_000;

/** @param {{ params: Record<string, string> }} props */
export default function ClientView({ params }) {
  const id = params.id ?? "";
  const { data, error, loading, refresh } = usePoll(
    `client ${id}`,
    (signal) => api.get(`/clients/${id}`, { signal }),
    { everyMs: EVERY_MS },
  );
  /** @type {Client | undefined} */
  const client = data;
  const isGone = error instanceof ApiError && error.status === 404;
  if (loading) return html`<${Page} title=${t("client.title")}><${LoadingState} rows=${4} /><//>`;
  if (isGone || !client) {
    return html`<${Page} title=${t("client.title")}>
      ${
        isGone
          ? html`<${EmptyState} title=${t("client.gone")} detail=${t("client.gone.do")}><a role="button" class="secondary" href="#/clients">${t("client.all")}</a><//>`
          : html`<${ErrorState} error=${error} onRetry=${refresh} />`
      }
    <//>`;
  }
  return html`<${Known} client=${client} error=${error} onChanged=${refresh} />`;
}

/** @param {{ client: Client, error: unknown, onChanged: () => void }} props */
function Known({ client, error, onChanged }) {
  const [editing, setEditing] = useState(() => drafts.read(`client ${client.id}`) !== null);
  const [asking, setAsking] = useState(false);
  const name = spaced(client.phone);

  async function remove() {
    await api.send("DELETE", `/clients/${client.id}`).catch((problem) => {
      if (!(problem instanceof ApiError && problem.status === 404)) throw problem;
    });
    drafts.write(`client ${client.id}`, null);
    notify(t("client.deleted", { phone: name }));
    navigate("#/clients", { replace: true });
  }

  const actions = html`
    ${!editing && html`<button type="button" data-do="edit" onClick=${() => setEditing(true)}>${t("client.edit")}</button>`}
    <button type="button" class="secondary" onClick=${() => setAsking(true)}>${t("client.delete")}</button>`;
  return html`<${Page} title=${name} lead=${html`<a href="#/clients">${t("client.all")}</a> · ${t("app.zone", { zone: zoneName() })}`} actions=${actions}>
    <${StaleBanner} error=${error} />
    <section class="card">
      ${
        editing
          ? html`<${EditClient} client=${client} onClose=${() => setEditing(false)} onSaved=${() => {
              setEditing(false);
              onChanged();
            }} />`
          : html`<${Facts} client=${client} />`
      }
    </section>
    <${ClientMessages} id=${client.id} />
    ${
      asking &&
      html`<${ConfirmDialog} title=${t("client.delete.ask", { phone: name })} people=${1} confirm=${t("client.delete")} danger onConfirm=${remove} onClose=${() => setAsking(false)}>
        <p>${t("client.delete.what")}</p>
      <//>`
    }
  <//>`;
}

/** @param {{ client: Client }} props */
function Facts({ client }) {
  const changed = client.updated_at !== client.created_at;
  const facts = [
    [t("client.code"), html`<span class="tabular">${client.operator_code}</span>`],
    [t("client.tags"), html`<${Tags} tags=${client.tags} all />`],
    [t("client.zone"), html`<${LocalClock} zone=${client.timezone} />`],
    [
      t("client.added.at"),
      html`<${Instant} at=${client.created_at}>${dateTime(client.created_at)}<//>`,
    ],
    [
      t("client.changed.at"),
      changed
        ? html`<${Instant} at=${client.updated_at}>${dateTime(client.updated_at)}<//>`
        : html`<span class="muted">${t("client.unchanged")}</span>`,
    ],
  ];
  return html`<dl class="client-facts">
    ${facts.map(([term, value]) => html`<div key=${term}><dt>${term}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
