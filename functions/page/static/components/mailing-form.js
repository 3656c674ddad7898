// The form of a mailing, new or edited: its fields, the preview beside them, and sending it.

import { useId, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { startsNow } from "../mailing-rules.js";
import { useMistakes, useNow, usePreview } from "../mailing-state.js";
import { explain } from "../problems.js";
import { smsParts } from "../sms-parts.js";
import own from "../words/mailing-form.js";
import { translator } from "../words.js";
import { AudiencePreview } from "./audience-preview.js";
import { ConfirmDialog } from "./confirm-dialog.js";
import { AudienceFields, TextField } from "./mailing-fields.js";
import { keepPress } from "./press.js";
import { TimeFields } from "./time-fields.js";

/** @typedef {import("../mailing-rules.js").Form} Form */
/** @typedef {import("../mailing-rules.js").FieldName} FieldName */

const t = translator(own);

/**
 * @param {{ form: Form, change: (changes: Partial<Form>) => void, fields: readonly FieldName[],
 *   save: string, onSave: () => Promise<unknown>, blocked?: boolean, also?: any,
 *   aside?: (submit: (act: () => Promise<unknown>) => void, now: Date) => any }} props `fields` may be changed; `save`
 *   is what the button says unless it sends at once; while `blocked` something else has to be
 *   decided first; `also` stands beside the button, `aside` beside the fields
 */
export function MailingForm({ form, change, fields, save, onSave, blocked = false, also, aside }) {
  const id = useId();
  const now = useNow();
  const { found, wrong, touch, touchAll, tell } = useMistakes(form, { now, fields });
  const withAudience = fields.includes("filter.tags");
  const outlook = usePreview(form, found, withAudience);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(
    /** @type {{ form: Form, error: unknown } | null} */ (null),
  );
  /** @type {{ current: HTMLFormElement | null }} */
  const frame = useRef(null);
  const sendsNow = withAudience && startsNow(form, now);

  /** To the first field that is wrong, once it says so. */
  function toMistake() {
    requestAnimationFrame(() => {
      const first = frame.current?.querySelector('[aria-invalid="true"]');
      if (first instanceof HTMLElement) first.focus();
    });
  }

  /** @param {() => Promise<unknown>} act */
  async function send(act) {
    setBusy(true);
    setFailure(null);
    try {
      await act();
    } catch (error) {
      if (!tell(error)) setFailure({ form, error });
      toMistake();
    }
    setBusy(false);
  }

  /** @param {boolean} ask @param {() => Promise<unknown>} act */
  function submit(ask, act) {
    if (busy || blocked) return;
    if (Object.keys(found).length > 0) {
      touchAll();
      toMistake();
    } else if (ask) setAsking(true);
    else send(act);
  }

  // It is about what was sent; whoever has changed it since has read it.
  const told = failure?.form === form && !blocked ? explain(failure.error) : null;
  const shared = { form, wrong, change, touch };
  return html`<div class="mailing-form">
    <form
      id=${id}
      ref=${frame}
      noValidate
      onKeyDown=${notByEnter}
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        submit(sendsNow, onSave);
      }}
    >
      <${TextField} ...${shared} />
      ${withAudience && html`<${AudienceFields} ...${shared} />`}
      <${TimeFields} ...${shared} now=${now} starts=${fields.includes("starts_at")} />
    </form>
    <div class="beside-form">
      ${withAudience && html`<${AudiencePreview} ...${outlook} parts=${smsParts(form.text).parts} hours=${form.hours} />`}
      ${aside?.((act) => submit(false, act), now)}
    </div>
    <div class="submit">
      <div role="alert">
        ${told && html`<p class="mistake">${told.title}. ${told.detail}</p>`}
        ${!told && Object.keys(wrong).length > 0 && html`<p class="mistake">${t("form.check")}</p>`}
      </div>
      <div class="actions">
        <button type="submit" form=${id} onPointerDown=${keepPress} aria-busy=${busy ? "true" : undefined} disabled=${busy || blocked}>
          ${sendsNow ? t("form.send") : save}
        </button>
        ${also}
      </div>
    </div>
    ${asking && html`<${AskFirst} preview=${outlook.preview} onConfirm=${() => send(onSave)} onClose=${() => setAsking(false)} />`}
  </div>`;
}

/** Enter in a field has chosen a chip or a date: it does not also send to thousands. @param {KeyboardEvent} event */
function notByEnter(event) {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
}

/**
 * @param {{ preview: import("../types.js").Preview | undefined, onConfirm: () => Promise<void>,
 *   onClose: () => void }} props
 */
function AskFirst({ preview, onConfirm, onClose }) {
  const key = !preview
    ? "form.confirm.unknown"
    : preview.exact
      ? "form.confirm"
      : "form.confirm.least";
  return html`<${ConfirmDialog}
    title=${t(key, { count: preview?.recipients ?? 0 })}
    confirm=${t("form.confirm.go")}
    onConfirm=${onConfirm}
    onClose=${onClose}
  >
    <p>${t("form.confirm.do")}</p>
  <//>`;
}
