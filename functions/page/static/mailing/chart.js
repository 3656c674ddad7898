// Draws the minutes with uPlot, which is loaded when the first chart is drawn; follows the theme
// and the room there is.
import { number, time } from "../format.js";
import { theme } from "../theme.js";

/** @typedef {import("./minutes.js").Point} Point */
/** @typedef {{ show: (points: Point[], step: number) => void, destroy: () => void }} Drawing */

const HEIGHT_PX = 200;
/** Columns of a few minutes are not to be as wide as the page. */
const MINUTES_MIN = 15;
const COLUMN_PX_MAX = 24;
const HALF_MINUTE_S = 30;
const STYLE_SHEET = new URL("../vendor/uplot.css", import.meta.url).href;

/** uPlot's own looks, once. */
function loadStyle() {
  if (document.querySelector(`link[href="${STYLE_SHEET}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = STYLE_SHEET;
  document.head.append(link);
}

/**
 * Asks the browser, because a custom property is only text: `light-dark()` and the like.
 * @param {HTMLElement} target
 */
function coloursOf(target) {
  const probe = document.createElement("span");
  target.append(probe);
  /** @param {string} name */
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    sent: colour("--sent-fill"),
    failed: colour("--failed-fill"),
    retried: colour("--expired-fill"),
    ink: colour("--ink-soft"),
    line: colour("--line"),
  };
  probe.remove();
  return colours;
}

/**
 * From half a column before the first to half a column after the last. Not left to uPlot, which
 * shows a day around a single minute.
 * @param {ArrayLike<number>} times in s
 * @param {number} step minutes
 * @returns {[number, number]}
 */
function rangeOf(times, step) {
  const from = times[0] ?? 0;
  const to = Math.max(times[times.length - 1] ?? 0, from + MINUTES_MIN * 60);
  return [from - step * HALF_MINUTE_S, to + step * HALF_MINUTE_S];
}

/**
 * @param {HTMLElement} target
 * @param {(index: number | null) => void} onPoint what the pointer is over
 * @returns {Promise<Drawing>}
 */
export async function draw(target, onPoint) {
  loadStyle();
  const { default: UPlot } = await import("uplot");
  /** @type {import("uplot").AlignedData} */
  let data = [[], [], [], []];
  let step = 1;
  let plot = make();

  function make() {
    const colours = coloursOf(target);
    const { bars } = UPlot.paths;
    const columns = bars?.({ size: [0.7, COLUMN_PX_MAX], align: 0 });
    const axis = {
      stroke: colours.ink,
      grid: { stroke: colours.line, width: 1 },
      ticks: { show: false },
    };
    return new UPlot(
      {
        width: Math.max(target.clientWidth, 100),
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: {
            range: () => rangeOf(data[0], step),
          },
          y: { range: (_, __, most) => [0, Math.max(5, (most ?? 0) * 1.1)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 32,
            space: 64,
            values: (_, ticks) => ticks.map((each) => time(new Date(each * 1000))),
          },
          {
            ...axis,
            size: 48,
            incrs: [
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000,
            ],
            values: (_, ticks) => ticks.map(number),
          },
        ],
        series: [
          {},
          {
            fill: colours.failed,
            width: 0,
            ...(columns && { paths: columns }),
            points: { show: false },
          },
          {
            fill: colours.sent,
            width: 0,
            ...(columns && { paths: columns }),
            points: { show: false },
          },
          {
            stroke: colours.retried,
            width: 2,
            points: { show: true, size: 5, fill: colours.retried, width: 0 },
          },
        ],
        hooks: { setCursor: [(self) => onPoint(self.cursor.idx ?? null)] },
      },
      data,
      target,
    );
  }

  function again() {
    plot.destroy();
    plot = make();
  }

  const room = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(target.clientWidth, 100), height: HEIGHT_PX }),
  );
  room.observe(target);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", again);
  const forget = theme.subscribe(again);
  return {
    show(points, every) {
      step = every;
      data = [
        points.map((each) => each.at),
        points.map((each) => each.sent + each.failed),
        points.map((each) => each.sent),
        points.map((each) => (each.retried > 0 ? each.retried : null)),
      ];
      plot.setData(data);
    },
    destroy() {
      room.disconnect();
      dark.removeEventListener("change", again);
      forget();
      plot.destroy();
    },
  };
}
