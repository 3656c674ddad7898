// What can be done with a mailing in its present state. What cannot be taken back is asked once.
import { useState } from "preact/hooks";
import { Icon } from "../components/icons.js";
import { notify, notifyProblem } from "../components/notices.js";
import { api } from "../context.js";
import { ApiError } from "../faults.js";
import { html } from "../html.js";
import { href, navigate } from "../router.js";
import own from "../words/mailing-actions.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { isAllowed, RESENDABLE } from "./allowed.js";
import { Question } from "./question.js";

const t = translator(shared, own);

/** @typedef {"start" | "pause" | "resume" | "cancel" | "resend" | "delete"} Deed */
/** @typedef {import("./progress-words.js").Seen} Seen */

/** The first is what one most likely came for. @type {readonly Deed[]} */
const ORDER = ["start", "resume", "pause", "resend", "cancel", "delete"];
/** Taken back as quickly as done. */
const UNASKED = new Set(["pause", "resume"]);
/** @type {Record<Deed, import("../components/icons.js").IconName>} */
const SIGNS = {
  start: "play",
  resume: "play",
  pause: "pause",
  resend: "again",
  cancel: "stop",
  delete: "trash",
};
/** Somebody else was quicker: the question was about something that is no more. */
const OVERTAKEN = new Set([404, 409, 412]);

/** @param {{ seen: Seen, refresh: () => void }} props */
export function Actions({ seen, refresh }) {
  const { mailing } = seen;
  const [asking, setAsking] = useState(/** @type {Deed | null} */ (null));
  const [busy, setBusy] = useState(/** @type {Deed | null} */ (null));
  const now = new Date();

  /** @param {Deed} deed @param {unknown} [body] */
  async function act(deed, body) {
    setBusy(deed);
    try {
      await send(deed, mailing, body);
      notify(t(`did.${deed}`));
    } catch (error) {
      if (!(error instanceof ApiError && OVERTAKEN.has(error.status))) throw error;
      notifyProblem(error);
    } finally {
      setBusy(null);
    }
    if (deed === "delete") navigate("#/mailings");
    else refresh();
  }

  /** @param {Deed} deed */
  const press = (deed) => (UNASKED.has(deed) ? act(deed).catch(notifyProblem) : setAsking(deed));

  const buttons = ORDER.filter((each) => isOffered(each, seen, now)).map(
    (each) => html`<button
      key=${each}
      type="button"
      class=${each === "start" || each === "resume" ? "" : "secondary"}
      aria-busy=${busy === each ? "true" : undefined}
      disabled=${busy !== null}
      onClick=${() => press(each)}
    >
      <${Icon} name=${SIGNS[each]} />${t(`do.${each}`)}
    </button>`,
  );
  const edit =
    isAllowed("edit", mailing, now) &&
    html`<a key="edit" role="button" class="secondary" href=${href("/mailings/{id}/edit", { id: mailing.id })}>
      <${Icon} name="pen" />${t("do.edit")}
    </a>`;
  return html`${buttons.slice(0, 1)}${edit}${buttons.slice(1)}
    ${
      asking !== null &&
      html`<${Question}
        deed=${asking}
        seen=${seen}
        onConfirm=${(/** @type {unknown} */ body) => act(asking, body)}
        onClose=${() => setAsking(null)}
      />`
    }`;
}

/** @param {Deed} deed @param {Seen} seen @param {Date} now */
function isOffered(deed, { mailing, statistics }, now) {
  if (deed === "delete") return true;
  if (!isAllowed(deed, mailing, now)) return false;
  return deed !== "resend" || RESENDABLE.some((each) => statistics.counts[each] > 0);
}

/**
 * Start and delete only what was seen: not a text that somebody changed a moment ago. Pausing and
 * cancelling must not fail for such a reason.
 * @param {Deed} deed
 * @param {import("../types.js").Mailing} mailing
 * @param {unknown} body
 */
function send(deed, { id, version }, body) {
  if (deed === "delete") return api.send("DELETE", `/mailings/${id}`, { version });
  const options = deed === "start" ? { version } : body === undefined ? {} : { body };
  return api.send("POST", `/mailings/${id}/${deed}`, options);
}
