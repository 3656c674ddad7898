// A mailing that is edited: as far as its status allows, and without losing what was typed when
// somebody else is quicker.
import { api } from "../context.js";
import { useDraft } from "../drafts.js";
import { ApiError } from "../faults.js";
import { html } from "../html.js";
import { changed, formOf, patchOf, rebased } from "../mailing-bodies.js";
import { editable } from "../mailing-rules.js";
import { href, navigate } from "../router.js";
import own from "../words/mailing-form.js";
import { translator } from "../words.js";
import { ChangedMeanwhile } from "./changed-meanwhile.js";
import { MailingForm } from "./mailing-form.js";
import { notify } from "./notices.js";
import { StillToSend } from "./still-to-send.js";
import { TestSend } from "./test-send.js";

/** @typedef {import("../types.js").Mailing} Mailing */
/** @typedef {import("../mailing-rules.js").Form} Form */
/** @typedef {{ base: Mailing, form: Form }} Draft what was typed, and into which state */

const t = translator(own);
/** Somebody else was quicker, or its state does not allow it any more. */
const OVERTAKEN = [409, 412];

/** @param {{ latest: Mailing, onLook: () => Promise<void> | void }} props `latest` as the server has it; `onLook` asks it again */
export function EditForm({ latest, onLook }) {
  const [draft, write, forget] = useDraft(`mailing.${latest.id}`, () => fresh(latest));
  const fields = editable(latest.status);
  const typed = changed(formOf(draft.base), draft.form);
  const theirs = changed(formOf(draft.base), formOf(latest));
  const lost = typed.filter((each) => !fields.includes(each));
  const overtaken = typed.length > 0 && (theirs.length > 0 || lost.length > 0);
  // While nothing is typed there is nothing to lose: the newest state is what is edited.
  const { base, form } = typed.length > 0 ? draft : fresh(latest);

  function take() {
    const states = { base: formOf(base), theirs: formOf(latest), mine: form, fields };
    write({ base: latest, form: rebased(states) });
  }

  async function save() {
    const body = patchOf(formOf(base), form);
    try {
      await api.send("PATCH", `/mailings/${latest.id}`, { body, version: latest.version });
    } catch (error) {
      if (error instanceof ApiError && OVERTAKEN.includes(error.status)) await onLook();
      throw error;
    }
    forget();
    notify(t("form.saved"));
    navigate(href("/mailings/{id}", { id: latest.id }));
  }

  const reset = html`<button type="button" class="secondary" onClick=${() => write(fresh(latest))}>${t("form.discard")}</button>`;
  return html`
    ${overtaken && html`<${ChangedMeanwhile} base=${base} latest=${latest} mine=${form} onTake=${take} />`}
    ${latest.status !== "scheduled" && html`<p class="banner calm">${t(`form.locked.${latest.status}`)}</p>`}
    <${MailingForm}
      form=${form}
      change=${(/** @type {Partial<Form>} */ changes) => write({ base, form: { ...form, ...changes } })}
      fields=${fields}
      save=${t("form.save")}
      onSave=${save}
      blocked=${overtaken || typed.length === 0}
      also=${typed.length > 0 ? reset : html`<span class="muted">${t("form.unchanged")}</span>`}
      aside=${() => html`
        ${latest.status !== "scheduled" && html`<${StillToSend} id=${latest.id} />`}
        <div class="card"><${TestSend} mailingId=${latest.id} unsaved=${typed.includes("text")} /></div>`}
    />`;
}

/** @param {Mailing} latest @returns {Draft} */
const fresh = (latest) => ({ base: latest, form: formOf(latest) });
