// Adding a client: a section above the list. What is typed is a draft until it is sent or cancelled.

import { useEffect, useRef, useState } from "preact/hooks";
import { createKeys } from "../api.js";
import { bodyOf, emptyValues } from "../client-form.js";
import { api } from "../context.js";
import { useDraft } from "../drafts.js";
import { ApiError } from "../faults.js";
import { phone as spaced } from "../format.js";
import { html } from "../html.js";
import { explain, fieldProblems } from "../problems.js";
import { href } from "../router.js";
import own from "../words/clients.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { ClientFields, useMistakes } from "./client-fields.js";
import { notify } from "./notices.js";
import { keepPress } from "./press.js";

const t = translator(shared, own);

/** Who has a phone: its client's id, or null. @param {string} phone @returns {Promise<string | null>} */
export async function ownerOf(phone) {
  const page = await api.get("/clients", { query: { phone } });
  return page.items[0]?.id ?? null;
}

/** @param {unknown} error */
export const isPhoneTaken = (error) => error instanceof ApiError && error.kind === "phone-taken";

/** Where a taken phone leads. @param {{ id: string }} props */
export function TakenBy({ id }) {
  return html`<span class="mistake">
    ${t("client.phone.takenBy")}${" "}<a href=${href("/clients/{id}", { id })}>${t("client.phone.toThem")}</a>
  </span>`;
}

/** @param {{ phone?: string, onAdded: () => void, onClose: () => void }} props */
export function AddClient({ phone, onAdded, onClose }) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [values, change, forget] = useDraft("client.new", () => emptyValues(zone));
  const mistakes = useMistakes(values);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [owner, setOwner] = useState(/** @type {string | null} */ (null));
  const keys = useRef(createKeys());
  /** @type {{ current: HTMLFormElement | null }} */
  const form = useRef(null);

  useEffect(() => {
    if (phone) change({ phone });
    form.current?.querySelector("input")?.focus();
  }, []);

  /** @param {Event} event */
  async function add(event) {
    event.preventDefault();
    if (busy) return;
    if (!mistakes.check()) return toFirstMistake(form.current);
    setBusy(true);
    setError(null);
    const body = bodyOf(values);
    try {
      await api.send("POST", "/clients", { body, key: keys.current.of(body) });
      keys.current.done();
      forget();
      notify(t("client.added", { phone: spaced(body.phone) }));
      onAdded();
    } catch (problem) {
      mistakes.tell(fieldProblems(problem));
      const taken = isPhoneTaken(problem) ? await ownerOf(body.phone).catch(() => null) : null;
      setOwner(taken);
      setError(taken ? null : problem);
    }
    setBusy(false);
  }

  /** @param {Partial<import("../client-form.js").Values>} changes */
  function onChange(changes) {
    if ("phone" in changes) setOwner(null);
    change(changes);
  }

  const told = error ? explain(error) : null;
  return html`<section class="card client-card" aria-labelledby="new-client">
    <h2 id="new-client">${t("client.another")}</h2>
    <form ref=${form} novalidate onSubmit=${add}>
      <${ClientFields} values=${values} onChange=${onChange} mistakes=${mistakes} taken=${owner && html`<${TakenBy} id=${owner} />`} />
      ${told && html`<p class="mistake" role="alert">${told.title}. ${told.detail}</p>`}
      <div class="form-actions">
        <button type="submit" onPointerDown=${keepPress} aria-busy=${busy ? "true" : undefined} disabled=${busy}>${t("client.add")}</button>
        <button type="button" class="secondary" onClick=${() => {
          forget();
          onClose();
        }}>${t("app.cancel")}</button>
      </div>
    </form>
  </section>`;
}

/** Once the mistakes are drawn. @param {HTMLElement | null} form */
export function toFirstMistake(form) {
  setTimeout(() => {
    /** @type {HTMLElement | null | undefined} */ (
      form?.querySelector("[aria-invalid='true']")
    )?.focus();
  });
}
