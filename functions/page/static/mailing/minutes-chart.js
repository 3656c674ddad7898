// Messages per minute: sent and failed as columns on each other, tries again as a line. The same
// numbers stand in a table, for who cannot see or point.
import { useEffect, useRef, useState } from "preact/hooks";
import { number, time } from "../format.js";
import { html } from "../html.js";
import { language } from "../language.js";
import { useStore } from "../store.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { hasEnded } from "./allowed.js";
import { draw } from "./chart.js";
import { pointsOf } from "./minutes.js";

const t = translator(shared, own);
/** @typedef {import("./minutes.js").Point} Point */

/**
 * @param {{ mailing: import("../types.js").Mailing, timeline: import("../types.js").Minute[], now: Date }} props
 */
export function MinutesChart({ mailing, timeline, now }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const goesOn = mailing.status === "running" && !hasEnded(mailing, now);
  const { step, points } = pointsOf(timeline, goesOn ? now : null);
  if (points.length === 0) return null;
  const shown = points[at ?? -1];
  return html`<section class="card" aria-labelledby="mailing-minutes">
    <div class="card-head">
      <h2 id="mailing-minutes">${t("chart.title")}</h2>
      ${step > 1 && html`<span class="muted">${t("chart.average", { count: step })}</span>`}
    </div>
    <${Canvas} points=${points} step=${step} onPoint=${setAt} />
    <ul class="legend chart-legend">
      <${Key} name="sent" point=${shown} />
      <${Key} name="failed" point=${shown} />
      <${Key} name="retried" point=${shown} />
      <li class="tabular">${shown && time(new Date(shown.at * 1000))}</li>
    </ul>
    <${Table} points=${points} />
  </section>`;
}

/** @param {{ name: "sent" | "failed" | "retried", point: Point | undefined }} props */
function Key({ name, point }) {
  return html`<li>
    <span class="dot" data-series=${name} />${t(`chart.${name}`)}
    ${point && html`<b>${amount(point[name])}</b>`}
  </li>`;
}

/** @param {{ points: Point[], step: number, onPoint: (index: number | null) => void }} props */
function Canvas({ points, step, onPoint }) {
  /** @type {{ current: HTMLElement | null }} */
  const place = useRef(null);
  /** @type {{ current: import("./chart.js").Drawing | null }} */
  const drawing = useRef(null);
  const latest = useRef({ points, step });
  latest.current = { points, step };
  const spoken = useStore(language);
  useEffect(() => {
    let awaited = true;
    const target = place.current;
    if (!target) return;
    draw(target, onPoint).then(
      (made) => {
        if (!awaited) return made.destroy();
        drawing.current = made;
        made.show(latest.current.points, latest.current.step);
      },
      () => {}, // without the chart the table is there
    );
    return () => {
      awaited = false;
      drawing.current?.destroy();
      drawing.current = null;
    };
  }, [spoken]);
  useEffect(() => drawing.current?.show(points, step));
  return html`<div class="chart" ref=${place} aria-hidden="true" />`;
}

/** @param {{ points: Point[] }} props */
function Table({ points }) {
  const there = points.filter((each) => each.sent + each.failed + each.retried > 0);
  const rows = there.map(
    (each) => html`<tr key=${each.at}>
      <th scope="row">${time(new Date(each.at * 1000))}</th>
      <td>${amount(each.sent)}</td>
      <td>${amount(each.failed)}</td>
      <td>${amount(each.retried)}</td>
    </tr>`,
  );
  return html`<details class="as-table">
    <summary>${t("chart.table")}</summary>
    <table class="plain-table tabular">
      <thead>
        <tr>
          <th scope="col">${t("chart.minute")}</th>
          <th scope="col">${t("chart.sent")}</th>
          <th scope="col">${t("chart.failed")}</th>
          <th scope="col">${t("chart.retried")}</th>
        </tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  </details>`;
}

/** An average may be a fraction. @param {number} value */
const amount = (value) => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
