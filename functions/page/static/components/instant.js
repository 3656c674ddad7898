// A time as a person reads it, with the exact one for machines and on hovering.
import { dateTime, shortDateTime, zoneName } from "../format.js";
import { html } from "../html.js";

/** @param {{ at: string, children?: any }} props shown as "21 Nov, 15:30" unless it has children */
export function Instant({ at, children }) {
  return html`<time datetime=${at} title=${`${dateTime(at)}, ${zoneName()}`}>${children ?? shortDateTime(at)}</time>`;
}
