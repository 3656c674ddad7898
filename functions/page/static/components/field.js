// A labelled control with its hint and its mistake, bound so that everybody is told of them.
//
//   <${Field} label=${t("client.phone")} error=${errors.phone} hint=${t("client.phone.hint")}>
//     ${(bound) => html`<input ...${bound} value=${phone} onInput=${…} />`}
//   <//>
import { useId } from "preact/hooks";
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** @typedef {{ id: string, "aria-describedby": string | undefined, "aria-invalid": "true" | undefined, "aria-required": "true" | undefined }} Bound */

/**
 * @param {{ label: string, hint?: any, error?: string | null, required?: boolean, optional?: boolean,
 *   children: (bound: Bound) => any }} props
 */
export function Field({ label, hint, error, required = false, optional = false, children }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  /** @type {Bound} */
  const bound = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": error ? "true" : undefined,
    "aria-required": required ? "true" : undefined,
  };
  return html`<div class="field">
    <label for=${id}>
      ${label} ${optional && html`<span class="muted">(${t("app.optional")})</span>`}
    </label>
    ${children(bound)}
    ${error && html`<p class="mistake" id=${`${id}-error`}>${error}</p>`}
    ${hint && html`<div class="hint" id=${`${id}-hint`}>${hint}</div>`}
  </div>`;
}
