// What is asked before a mailing is started, cancelled, sent again or deleted, with the number of
// people whom it touches.
import { useState } from "preact/hooks";
import { ConfirmDialog } from "../components/confirm-dialog.js";
import { number } from "../format.js";
import { html } from "../html.js";
import own from "../words/mailing-actions.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { RESENDABLE } from "./allowed.js";

const t = translator(shared, own);

/** @typedef {import("./progress-words.js").Seen} Seen */

/**
 * @param {{ deed: import("./actions.js").Deed, seen: Seen, onClose: () => void,
 *   onConfirm: (body?: unknown) => Promise<unknown> }} props
 */
export function Question({ deed, seen, onConfirm, onClose }) {
  const { counts } = seen.statistics;
  const choices = resendChoices(counts);
  const [chosen, setChosen] = useState(0);
  const again = deed === "resend" ? choices[chosen] : undefined;
  return html`<${ConfirmDialog}
    title=${t(`ask.${deed}`)}
    people=${again ? sum(counts, again) : touched(deed, seen)}
    confirm=${t(`do.${deed}`)}
    danger=${deed === "cancel" || deed === "delete"}
    onConfirm=${() => onConfirm(again && { statuses: again })}
    onClose=${onClose}
  >
    <p>${t(`ask.${deed}.why`)}</p>
    ${deed === "resend" && html`<${Which} choices=${choices} counts=${counts} chosen=${chosen} onChoose=${setChosen} />`}
    ${again?.includes("unknown") && html`<p class="caution">${t("ask.resend.unknown")}</p>`}
  <//>`;
}

/**
 * How many people: those who would get it, would get it no more, or got it; null when nobody knows.
 * @param {import("./actions.js").Deed} deed
 * @param {Seen} seen
 */
function touched(deed, { mailing, statistics: { counts }, recipients }) {
  if (mailing.status === "scheduled") return recipients;
  return deed === "delete" ? counts.total : counts.pending;
}

/** @typedef {(typeof RESENDABLE)[number][]} Choice */

/** Each kind that there is, and both together. @param {import("../types.js").Counts} counts @returns {Choice[]} */
function resendChoices(counts) {
  const there = RESENDABLE.filter((each) => counts[each] > 0);
  return there.length > 1 ? [...there.map((each) => [each]), there] : [there];
}

/** @param {import("../types.js").Counts} counts @param {Choice} statuses */
const sum = (counts, statuses) => statuses.reduce((all, each) => all + counts[each], 0);

/**
 * @param {{ choices: Choice[], counts: import("../types.js").Counts, chosen: number,
 *   onChoose: (index: number) => void }} props
 */
function Which({ choices, counts, chosen, onChoose }) {
  const options = choices.map((each, index) => {
    const word = each.length > 1 ? t("ask.resend.both") : t(`message.${each[0]}`);
    return html`<label key=${word}>
      <input type="radio" name="resend" checked=${index === chosen} onChange=${() => onChoose(index)} />
      <span>${word} <b class="tabular">${number(sum(counts, each))}</b></span>
    </label>`;
  });
  return html`<fieldset class="segments"><legend>${t("ask.resend.which")}</legend>${options}</fieldset>`;
}
