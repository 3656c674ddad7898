// Downloads a CSV that the API gives page by page: a button, how far it is, and a way to stop.
//
//   <${CsvDownload} path="/clients/export" query=${{ tag }} name="clients.csv" />
//
// The file is saved when all of it is there: half a file would look like a whole one.
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../context.js";
import { isAborted } from "../faults.js";
import { html } from "../html.js";
import { explain } from "../problems.js";
import own from "../words/csv-download.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";
import { notify } from "./notices.js";

const t = translator(shared, own);
/** Tells Excel that the bytes are UTF-8; the import takes it off again. */
const BYTE_ORDER_MARK = "\ufeff";

/**
 * All pages' texts; `onRows` is told how many rows are there, the header left out.
 * @param {AsyncIterable<{ text: string, rows: number }>} pages
 * @param {(rows: number) => void} onRows
 */
export async function collected(pages, onRows) {
  /** @type {string[]} */
  const texts = [];
  let lines = 0;
  for await (const { text, rows } of pages) {
    texts.push(text);
    lines += rows;
    onRows(Math.max(0, lines - 1));
  }
  return { texts, rows: Math.max(0, lines - 1) };
}

/** Saves a CSV on the operator's machine. @param {string[]} texts @param {string} name */
export function saveCsv(texts, name) {
  const blob = new Blob([BYTE_ORDER_MARK, ...texts], { type: "text/csv;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {{ path: string, query?: import("../api.js").Query, name: string, label?: string,
 *   disabled?: boolean }} props
 */
export function CsvDownload({ path, query = {}, name, label, disabled = false }) {
  const [rows, setRows] = useState(/** @type {number | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const running = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => running.current?.abort(), []);

  async function go() {
    const stop = new AbortController();
    running.current = stop;
    setError(null);
    setRows(0);
    try {
      const all = await collected(api.csvPages(path, { query, signal: stop.signal }), setRows);
      saveCsv(all.texts, name);
      notify(t("csv.saved", { count: all.rows, name }));
    } catch (problem) {
      if (!isAborted(problem)) setError(problem);
    }
    if (running.current === stop) setRows(null);
  }

  const told = error ? explain(error) : null;
  return html`<div class="csv-download">
    ${
      rows === null
        ? html`<button type="button" class="secondary" disabled=${disabled} onClick=${go}>
          <${Icon} name="download" />${label ?? t("csv.download")}
        </button>`
        : html`<button type="button" class="secondary" onClick=${() => running.current?.abort()}>
          <${Icon} name="close" />${t("csv.cancel")}
        </button>`
    }
    <span class="muted tabular" role="status">${rows !== null && t("csv.rows", { count: rows })}</span>
    ${told && html`<p class="mistake" role="alert">${told.title}. ${told.detail}</p>`}
  </div>`;
}
