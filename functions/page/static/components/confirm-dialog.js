// Asks once before something that cannot be taken back, and says how many people it touches.
//
//   ${asking && html`<${ConfirmDialog} title=… people=${120} confirm=${t("mailing.cancel")} danger
//     onConfirm=${async () => …} onClose=${() => setAsking(false)} />`}
import { useId, useState } from "preact/hooks";
import { html } from "../html.js";
import { explain } from "../problems.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { useModal } from "./modal.js";

const t = translator(shared);

/**
 * `onConfirm` may take its time and may fail, which is told in the dialog; else it closes.
 * @param {{ title: string, children?: any, people?: number | null, confirm: string, danger?: boolean,
 *   onConfirm: () => Promise<unknown> | void, onClose: () => void }} props
 */
export function ConfirmDialog({
  title,
  children,
  people,
  confirm,
  danger = false,
  onConfirm,
  onClose,
}) {
  const dialog = useModal();
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));

  async function go() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  const told = error ? explain(error) : null;
  return html`<dialog
    ref=${dialog}
    aria-labelledby=${id}
    onCancel=${(/** @type {Event} */ event) => {
      event.preventDefault();
      if (!busy) onClose();
    }}
  >
    <article>
      <h2 id=${id}>${title}</h2>
      ${people !== null && people !== undefined && html`<p><b>${t("confirm.touches", { count: people })}</b></p>`}
      ${children}
      ${told && html`<p class="mistake" role="alert">${told.title}. ${told.detail}</p>`}
      <footer>
        <button type="button" class="secondary" disabled=${busy} onClick=${onClose}>${t("app.cancel")}</button>
        <button type="button" class=${danger ? "danger" : ""} aria-busy=${busy ? "true" : undefined} disabled=${busy} onClick=${go}>
          ${confirm}
        </button>
      </footer>
    </article>
  </dialog>`;
}
