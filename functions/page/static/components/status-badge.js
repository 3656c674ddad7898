// A status of a mailing or a message: colour, sign and word say the same.
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";

const t = translator(shared);

/** @type {Record<string, import("./icons.js").IconName>} */
const SIGNS = {
  scheduled: "clock",
  running: "play",
  paused: "pause",
  finished: "check",
  cancelled: "stop",
  pending: "clock",
  sent: "check",
  failed: "alert",
  unknown: "question",
  expired: "clock",
};

/** @param {{ status: string, of?: "mailing" | "message" }} props */
export function StatusBadge({ status, of = "mailing" }) {
  const word = of === "mailing" ? t(`status.${status}`) : t(`message.${status}`);
  return html`<span class="badge" data-status=${status}><${Icon} name=${SIGNS[status] ?? "clock"} />${word}</span>`;
}
