// Calls per minute over an hour as small bars: what was accepted, and on top of it what was not. The
// same in words for who cannot see them.
import { number } from "../format.js";
import { failedIn, hour, MINUTES, sums } from "../gateway-minutes.js";
import { html } from "../html.js";
import own from "../words/overview.js";
import { translator } from "../words.js";

const t = translator(own);
const WIDTH = 5;
const HEIGHT = 48;

/** @param {{ minutes: import("../gateway-minutes.js").Minute[], now: Date }} props */
export function MinuteBars({ minutes, now }) {
  const { calls, failed, most } = sums(minutes);
  const said =
    calls === 0
      ? t("gateway.chart.none")
      : t("gateway.chart.said", {
          calls: number(calls),
          failed: number(failed),
          most: number(most),
        });
  const bars = hour(minutes, now).map((minute, index) => {
    if (minute === null || minute.calls === 0) return null;
    const all = Math.max(2, (minute.calls / most) * HEIGHT);
    const bad = (failedIn(minute) / minute.calls) * all;
    const place = { x: index * WIDTH, width: WIDTH - 1 };
    return html`<g key=${minute.minute}>
      <rect ...${place} y=${HEIGHT - all + bad} height=${all - bad} class="accepted" />
      ${bad > 0 && html`<rect ...${place} y=${HEIGHT - all} height=${bad} class="refused" />`}
    </g>`;
  });
  return html`<figure class="minutes">
    <svg viewBox=${`0 0 ${MINUTES * WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${said}>${bars}</svg>
    <figcaption>
      <span>${t("gateway.chart.ago")}</span>
      ${calls > 0 && html`<span>${t("gateway.chart.peak", { most: number(most) })}</span>`}
      <span>${t("gateway.chart.now")}</span>
    </figcaption>
  </figure>`;
}
