// What is sent and to whom, and who planned it.
import { useEffect, useState } from "preact/hooks";
import { Instant } from "../components/instant.js";
import { session } from "../context.js";
import { html } from "../html.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
/** About as much as six lines. */
const FOLDED_FROM = 280;

/** @param {{ mailing: import("../types.js").Mailing }} props */
export function About({ mailing }) {
  const { operator_codes: codes, tags } = mailing.filter;
  return html`<section class="card about" aria-labelledby="mailing-about">
    <h2 id="mailing-about">${t("mailing.text")}</h2>
    <${Text} text=${mailing.text} />
    <dl class="mailing-facts">
      ${
        codes.length + tags.length === 0
          ? html`<div><dt>${t("mailing.to")}</dt><dd>${t("mailing.to.everybody")}</dd></div>`
          : html`<${Values} label=${t("mailing.tags")} values=${tags} />
            <${Values} label=${t("mailing.codes")} values=${codes} />`
      }
    </dl>
    <${Authors} mailing=${mailing} />
  </section>`;
}

/** @param {{ text: string }} props */
function Text({ text }) {
  const [open, setOpen] = useState(false);
  const long = text.length > FOLDED_FROM || text.split("\n").length > 6;
  return html`<div>
    <p class="sms" data-folded=${long && !open ? "" : undefined}>${text}</p>
    ${
      long &&
      html`<button type="button" class="quiet-button" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>
        ${t(open ? "mailing.text.less" : "mailing.text.more")}
      </button>`
    }
  </div>`;
}

/** @param {{ label: string, values: string[] }} props */
function Values({ label, values }) {
  if (values.length === 0) return null;
  const chips = values.map((each) => html`<li key=${each} class="chip still">${each}</li>`);
  return html`<div><dt>${label}</dt><dd><ul class="chip-list">${chips}</ul></dd></div>`;
}

/** @param {{ mailing: import("../types.js").Mailing }} props */
function Authors({ mailing }) {
  const me = useSubject();
  const changed = mailing.version > 1 && mailing.updated_by !== null;
  return html`<p class="authors muted">
    ${t("mailing.created")} <${Instant} at=${mailing.created_at} /> <${Who} who=${mailing.created_by} me=${me} />
    ${changed && html`<br />${t("mailing.changed")} <${Instant} at=${mailing.updated_at} /> <${Who} who=${mailing.updated_by} me=${me} />`}
  </p>`;
}

/** The API knows people by an id alone. @param {{ who: string | null, me: string | null }} props */
function Who({ who, me }) {
  if (who === null) return null;
  if (who === me) return html`<span>${t("mailing.byYou")}</span>`;
  return html`<span title=${who}>${t("mailing.by", { who: who.length > 12 ? `${who.slice(0, 8)}…` : who })}</span>`;
}

/** The signed-in person's id: the `sub` of the token that our requests carry. */
function useSubject() {
  const [subject, setSubject] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    session.token().then(
      (token) => setSubject(subjectOf(token)),
      () => {}, // signed out meanwhile: the page says so elsewhere
    );
  }, []);
  return subject;
}

/** @param {string} token */
function subjectOf(token) {
  try {
    const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(body)).sub ?? null;
  } catch {
    return null; // not a JWT: a provider may use any form
  }
}
