// A client's zone with the time that it is there now.
import { html } from "../html.js";
import { clockIn, nameOf, offsetOf, useMinute } from "../zones.js";

/** @param {{ zone: string }} props */
export function LocalClock({ zone }) {
  const now = useMinute();
  const clock = clockIn(zone, now);
  const told = [nameOf(zone, now), offsetOf(zone, now)].filter(Boolean).join(", ");
  return html`<span class="local-clock" title=${told}>
    <span>${zone.replaceAll("_", " ")}</span>
    ${clock && html`<span class="muted tabular">${clock}</span>`}
  </span>`;
}
