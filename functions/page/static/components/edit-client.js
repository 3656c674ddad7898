// Editing a client in place. If somebody else was quicker, their changes are shown and what was
// typed is kept.

import { useEffect, useRef, useState } from "preact/hooks";
import { changesOf, merged, valuesOf } from "../client-form.js";
import { api } from "../context.js";
import { useDraft } from "../drafts.js";
import { ApiError } from "../faults.js";
import { html } from "../html.js";
import { explain, fieldProblems } from "../problems.js";
import own from "../words/clients.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { isPhoneTaken, ownerOf, TakenBy, toFirstMistake } from "./add-client.js";
import { ClientFields, useMistakes } from "./client-fields.js";
import { notify } from "./notices.js";
import { keepPress } from "./press.js";

/** @typedef {import("../types.js").Client} Client */
/** @typedef {import("../client-form.js").Values} Values */
/** @typedef {import("../client-form.js").FieldName} FieldName */
/** @typedef {{ name: FieldName, from: string, to: string }} Change */

const t = translator(shared, own);
/** @type {Record<FieldName, string>} */
const LABELS = {
  phone: "client.phone",
  operator_code: "client.code",
  tags: "client.tags",
  timezone: "client.zone",
};

/** @param {Values} values @param {FieldName} name */
function shown(values, name) {
  const text = [values[name]].flat().join(", ");
  return text || t("client.nothing");
}

/**
 * The draft holds the client as it was when the typing began: that is what `If-Match` is about.
 * @param {{ client: Client, onSaved: (client: Client) => void, onClose: () => void }} props
 */
export function EditClient({ client, onSaved, onClose }) {
  const [draft, change, forget] = useDraft(`client ${client.id}`, () => ({
    values: valuesOf(client),
    base: client,
  }));
  const { values, base } = draft;
  const mistakes = useMistakes(values);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [owner, setOwner] = useState(/** @type {string | null} */ (null));
  const [meanwhile, setMeanwhile] = useState(/** @type {Change[]} */ ([]));
  /** @type {{ current: HTMLFormElement | null }} */
  const form = useRef(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);

  /** What they changed, with what was typed kept. */
  async function takeTheirs() {
    const now = await api.get(`/clients/${client.id}`);
    const before = valuesOf(base);
    const { values: mixed, changed } = merged(before, values, valuesOf(now));
    setMeanwhile(
      changed.map((name) => ({
        name,
        from: shown(before, name),
        to: shown(valuesOf(now), name),
      })),
    );
    change({ values: mixed, base: now });
  }

  /** @param {unknown} problem */
  async function heed(problem) {
    if (problem instanceof ApiError && problem.status === 412) return takeTheirs();
    mistakes.tell(fieldProblems(problem));
    const phone = changesOf(values, base).phone;
    const taken = phone && isPhoneTaken(problem) ? await ownerOf(phone).catch(() => null) : null;
    setOwner(taken);
    setError(taken ? null : problem);
  }

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    if (busy) return;
    if (!mistakes.check()) return toFirstMistake(form.current);
    const body = changesOf(values, base);
    if (Object.keys(body).length === 0) return close();
    setBusy(true);
    setError(null);
    setMeanwhile([]);
    try {
      const { body: saved } = await api.send("PATCH", `/clients/${client.id}`, {
        body,
        version: base.version,
      });
      forget();
      notify(t("client.saved"));
      onSaved(saved);
    } catch (problem) {
      await heed(problem).catch(setError);
    }
    setBusy(false);
  }

  function close() {
    forget();
    onClose();
  }

  const told = error ? explain(error) : null;
  return html`<form ref=${form} novalidate onSubmit=${save} aria-label=${t("client.edit")}>
    <div role="alert">
      ${meanwhile.length > 0 && html`<${Meanwhile} changes=${meanwhile} />`}
    </div>
    <${ClientFields}
      values=${values}
      onChange=${(/** @type {Partial<Values>} */ changes) => {
        if ("phone" in changes) setOwner(null);
        change({ values: { ...values, ...changes } });
      }}
      mistakes=${mistakes}
      taken=${owner && html`<${TakenBy} id=${owner} />`}
    />
    ${told && html`<p class="mistake" role="alert">${told.title}. ${told.detail}</p>`}
    <div class="form-actions">
      <button type="submit" onPointerDown=${keepPress} aria-busy=${busy ? "true" : undefined} disabled=${busy}>${t("app.save")}</button>
      <button type="button" class="secondary" onClick=${close}>${t("app.cancel")}</button>
    </div>
  </form>`;
}

/** @param {{ changes: Change[] }} props */
function Meanwhile({ changes }) {
  const lines = changes.map(
    ({ name, from, to }) =>
      html`<li key=${name}>${t("client.meanwhile.was", { field: t(LABELS[name]), from, to })}</li>`,
  );
  return html`<div class="changed-meanwhile"><p>${t("client.meanwhile")}</p><ul>${lines}</ul></div>`;
}
