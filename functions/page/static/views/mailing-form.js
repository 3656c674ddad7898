// A mailing's form: a new one, or one that is edited.
import { useState } from "preact/hooks";
import { createKeys } from "../api.js";
import { StaleBanner } from "../components/banners.js";
import { EditForm } from "../components/mailing-edit.js";
import { MailingForm } from "../components/mailing-form.js";
import { notify } from "../components/notices.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { api } from "../context.js";
import { useDraft } from "../drafts.js";
import { relative, shortDateTime } from "../format.js";
import { html } from "../html.js";
import { bodyOf, newForm } from "../mailing-bodies.js";
import { ALL_FIELDS, editable, startsNow } from "../mailing-rules.js";
import { usePoll } from "../polling.js";
import { href, navigate } from "../router.js";
import { defaultStart, wallOf } from "../wall-time.js";
import own from "../words/mailing-form.js";
import testWords from "../words/test-send.js";
import { translator } from "../words.js";

/** @typedef {import("../mailing-rules.js").Form} Form */

const t = translator(own, testWords);

/** @param {{ params: Record<string, string> }} props */
export default function View({ params }) {
  return params.id ? html`<${Edit} id=${params.id} />` : html`<${Create} />`;
}

function Create() {
  const [form, change, forget] = useDraft("mailing.new", () => newForm(new Date()));
  const [keys] = useState(createKeys);

  /** @param {string} next the view that it leads to @param {Form} [wanted] */
  async function create(next, wanted = form) {
    const body = bodyOf(wanted);
    const { body: mailing } = await api.send("POST", "/mailings", { body, key: keys.of(body) });
    keys.done();
    forget();
    const now = startsNow(wanted, new Date());
    notify(now ? t("form.sent") : t("form.scheduled", { when: relative(mailing.starts_at) }));
    navigate(href(next, { id: mailing.id }));
  }

  const empty = form.text === "" && form.tags.length === 0 && form.codes.length === 0;
  const reset = html`<button type="button" class="secondary" onClick=${() => change(newForm(new Date()))}>${t("form.discard")}</button>`;
  return html`<${Page} title=${t("form.new")}>
    <${MailingForm}
      form=${form}
      change=${change}
      fields=${ALL_FIELDS}
      save=${t("form.schedule")}
      onSave=${() => create("/mailings/{id}")}
      also=${!empty && reset}
      aside=${(
        /** @type {(act: () => Promise<unknown>) => void} */ submit,
        /** @type {Date} */ now,
      ) =>
        html`<${TestFirst} form=${form} now=${now} onSave=${(/** @type {Form} */ wanted) => submit(() => create("/mailings/{id}/edit", wanted))} />`}
    />
  <//>`;
}

/**
 * A test needs a mailing that is saved, so this saves it: to start at its time, or in an hour.
 * @param {{ form: Form, now: Date, onSave: (form: Form) => void }} props
 */
function TestFirst({ form, now, onSave }) {
  const later = startsNow(form, now) ? wallOf(defaultStart(now)) : form.startsAt;
  return html`<section class="card test-first">
    <h2>${t("test.first")}</h2>
    <p class="muted">${t("test.first.do")}</p>
    <button type="button" class="secondary" onClick=${() => onSave({ ...form, start: "at", startsAt: later })}>
      ${t("test.first.save", { when: later && shortDateTime(later) })}
    </button>
  </section>`;
}

/** @param {{ id: string }} props */
function Edit({ id }) {
  const mailing = usePoll(`mailing ${id}`, (signal) => api.get(`/mailings/${id}`, { signal }), {
    everyMs: 0,
  });
  const title = t("form.edit");
  if (!mailing.data) {
    return html`<${Page} title=${title}>
      ${
        mailing.error
          ? html`<${ErrorState} error=${mailing.error} onRetry=${mailing.refresh} />`
          : html`<${LoadingState} rows=${6} />`
      }
    <//>`;
  }
  const see = href("/mailings/{id}", { id });
  if (editable(mailing.data.status).length === 0) {
    return html`<${Page} title=${title}>
      <${EmptyState} title=${t(`form.over.${mailing.data.status}`)} detail=${t("form.over.do")}>
        <a role="button" href=${see}>${t("form.over.see")}</a>
      <//>
    <//>`;
  }
  return html`<${Page} title=${title}>
    <${StaleBanner} error=${mailing.error} />
    <${EditForm} latest=${mailing.data} onLook=${mailing.refresh} />
  <//>`;
}
