// "Send a test to my phone": for a mailing that is saved, wherever it is shown. It remembers nothing:
// a phone is somebody's.
//
//   <${TestSend} mailingId=${mailing.id} unsaved=${edited} />
import { useEffect, useRef, useState } from "preact/hooks";
import { createKeys } from "../api.js";
import { api } from "../context.js";
import { errorWords } from "../error-words.js";
import { clock, phone as shownPhone } from "../format.js";
import { html } from "../html.js";
import { phoneOf } from "../phone-input.js";
import { usePoll } from "../polling.js";
import { explain, fieldProblems } from "../problems.js";
import own from "../words/test-send.js";
import { translator } from "../words.js";
import { Field } from "./field.js";
import { Icon } from "./icons.js";

/** @typedef {import("../types.js").TestSend} Test */

const t = translator(own);
/** It takes a second or two. */
const EVERY_MS = 1_000;

/** @param {{ mailingId: string, unsaved?: boolean }} props `unsaved` when the text shown is not the saved one */
export function TestSend({ mailingId, unsaved = false }) {
  const [typed, setTyped] = useState("");
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [asked, setAsked] = useState(/** @type {{ test: Test, phone: string } | null} */ (null));
  const [keys] = useState(createKeys);
  const phone = phoneOf(typed);
  const problems = fieldProblems(error);
  const wrong = touched && phone === null ? t("test.wrong") : problems.phone;

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    setTouched(true);
    if (phone === null || busy) return;
    setBusy(true);
    setError(null);
    try {
      const body = { phone };
      const answer = await api.send("POST", `/mailings/${mailingId}/test`, {
        body,
        key: keys.of(body),
      });
      keys.done();
      setAsked({ test: answer.body, phone: shownPhone(phone) });
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  }

  const told = error && !problems.phone ? explain(error) : null;
  return html`<form class="test-send" onSubmit=${send} noValidate>
    <h2>${t("test.title")}</h2>
    <${Field} label=${t("test.phone")} error=${wrong} hint=${unsaved ? t("test.unsaved") : t("test.hint")}>
      ${(/** @type {import("./field.js").Bound} */ bound) => html`<div class="beside">
        <input ...${bound} type="tel" inputmode="tel" autocomplete="off" placeholder="+7 900 000-00-01" value=${typed}
          onInput=${(/** @type {any} */ event) => {
            setTyped(event.currentTarget.value);
            setError(null);
          }}
          onBlur=${() => setTouched(typed !== "")} />
        <button type="submit" class="secondary" aria-busy=${busy ? "true" : undefined} disabled=${busy}>${t("test.send")}</button>
      </div>`}
    <//>
    <div role="status">
      ${told && html`<p class="mistake">${told.title}. ${told.detail}</p>`}
      ${asked && html`<${Outcome} key=${asked.test.id} ...${asked} />`}
    </div>
  </form>`;
}

/** What becomes of one test, until it is known. @param {{ test: Test, phone: string }} props */
function Outcome({ test, phone }) {
  const [ended, setEnded] = useState(/** @type {Test | null} */ (null));
  if (ended === null) return html`<${Waiting} test=${test} phone=${phone} onEnd=${setEnded} />`;
  const { status, sent_at, last_error } = ended;
  const why = last_error ? errorWords(last_error) : null;
  return html`<p class="test-outcome" data-status=${status}>
    <${Icon} name=${status === "sent" ? "check" : status === "failed" ? "alert" : "question"} />
    <span>
      ${t(`test.${status}`, { phone, when: sent_at ? clock(sent_at) : "" })}
      ${why && html` ${why.title}${why.code && ` (${why.code})`}.`}
    </span>
  </p>`;
}

/** @param {{ test: Test, phone: string, onEnd: (test: Test) => void }} props */
function Waiting({ test, phone, onEnd }) {
  const poll = usePoll(
    `test ${test.id}`,
    (signal) => api.get(`/mailings/${test.mailing_id}/tests/${test.id}`, { signal }),
    { everyMs: EVERY_MS },
  );
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (poll.data && poll.data.status !== "pending") end.current(poll.data);
  }, [poll.data]);
  return html`<p class="test-outcome" data-status="pending">
    <${Icon} name="clock" /><span>${t("test.pending", { phone })} ${poll.error ? explain(poll.error).title : ""}</span>
  </p>`;
}
