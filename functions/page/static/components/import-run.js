// One import: the upload from this page, then how far it is read, and what came of its rows.
import { useRef } from "preact/hooks";
import { ApiError } from "../faults.js";
import { dateTime, duration, number, relative, bytes as sized } from "../format.js";
import { html } from "../html.js";
import { saidOf } from "../import-words.js";
import { paceOf, phaseOf, sampled } from "../importing.js";
import { explain } from "../problems.js";
import { uploads } from "../uploads.js";
import words from "../words/import.js";
import { translator } from "../words.js";
import { CsvDownload } from "./csv-download.js";
import { DataTable } from "./data-table.js";
import { Progress } from "./progress.js";

/** @typedef {import("../types.js").Import} Import */
/** @typedef {import("../uploads.js").Upload} Upload */

const t = translator(words);

/**
 * @param {{ found: Import, upload: Upload | undefined, onStop: () => void, onAgain: (file: File) => void }} props
 */
export function ImportRun({ found, upload, onStop, onAgain }) {
  const phase = phaseOf(found, upload);
  const counted = phase === "running" || found.rows > 0;
  return html`<section class="card import-run" data-phase=${phase}>
    <div role="status"><h2>${t(`import.${phase}`, { name: upload?.file.name ?? "" })}</h2></div>
    ${phase === "sending" && upload && html`<${Sending} upload=${upload} onStop=${onStop} />`}
    ${phase === "broken" && upload && html`<${Broken} upload=${upload} onAgain=${onAgain} />`}
    ${phase === "starting" && html`<${Progress} label=${t("import.starting")} /><p class="muted">${t("import.starting.do")}</p>`}
    ${phase === "awaiting" && html`<p>${t("import.awaiting.do", { when: relative(found.upload_until) })}</p>`}
    ${phase === "running" && html`<${Running} found=${found} />`}
    ${phase === "failed" && html`<${Failed} found=${found} />`}
    ${phase === "finished" && html`<p>${summary(found)}</p>`}
    ${(counted || phase === "finished") && html`<${Counts} found=${found} />`}
    <p class="muted import-times">
      ${t("import.since", { when: dateTime(found.created_at) })}${found.finished_at && `, ${t("import.took", { when: dateTime(found.finished_at) })}`}
    </p>
  </section>
  <${Refused} found=${found} />`;
}

/** @param {{ upload: Upload, onStop: () => void }} props */
function Sending({ upload, onStop }) {
  const { loaded, file } = upload;
  return html`<${Progress} label=${t("import.sending", { name: file.name })} value=${Math.min(loaded, file.size)} max=${file.size} />
    <p class="muted tabular">${t("import.sending.of", { done: sized(Math.min(loaded, file.size)), all: sized(file.size) })}. ${t("import.sending.stay")}</p>
    <button type="button" class="secondary" onClick=${onStop}>${t("import.stop")}</button>`;
}

/** @param {{ upload: Upload, onAgain: (file: File) => void }} props */
function Broken({ upload, onAgain }) {
  const isExpired = upload.error instanceof ApiError && upload.error.kind === "upload-expired";
  const told = explain(upload.error);
  return html`<p class="bad">${upload.file.name}: ${isExpired ? t("import.broken.expired") : `${told.title}. ${t("import.broken.do")}`}</p>
    <button type="button" onClick=${() => onAgain(upload.file)}>${t("import.again")}</button>`;
}

/** @param {{ found: Import }} props */
function Running({ found }) {
  /** @type {{ current: import("../importing.js").Sample[] }} */
  const samples = useRef([]);
  const last = samples.current.at(-1);
  if (!last || last.bytes !== found.bytes_done || last.rows !== found.rows) {
    const next = { at: Date.now(), rows: found.rows, bytes: found.bytes_done };
    samples.current = sampled(samples.current, next);
  }
  const pace = paceOf(samples.current, found.bytes);
  const told = pace && [
    t("import.pace", { count: Math.round(pace.rowsPerS) }),
    ...(pace.leftS === null ? [] : [t("import.left", { time: duration(pace.leftS) })]),
  ];
  return html`<${Progress} label=${t("import.running")} value=${found.bytes_done} max=${found.bytes ?? undefined} />
    <p class="muted tabular">${told ? `${told.join(", ")}. ` : ""}${t("import.running.do")}</p>`;
}

/** @param {{ found: Import }} props */
function Failed({ found }) {
  const key = `import.reason.${found.reason}`;
  const kept = found.created + found.updated;
  return html`<p class="bad">${t(words[key] ? key : "import.reason.other")}</p>
    ${found.reason === "no_header" && found.reason_detail && html`<p>${saidOf(found.reason_detail)}.</p>`}
    ${kept > 0 && html`<p>${t("import.failed.stays", { count: kept })}</p>`}`;
}

/** @param {Import} found */
function summary(found) {
  if (found.rejected > 0) return t("import.finished.some", { count: found.rejected });
  return t(found.rows > 0 ? "import.finished.all" : "import.finished.none");
}

/** @param {{ found: Import }} props */
function Counts({ found }) {
  const names = /** @type {const} */ (["rows", "created", "updated", "rejected"]);
  const items = names.map(
    (
      name,
    ) => html`<div key=${name} data-bad=${name === "rejected" && found.rejected > 0 ? "" : undefined}>
      <dt>${t(`import.${name}`)}</dt>
      <dd class="tabular">${number(found[name])}</dd>
    </div>`,
  );
  return html`<dl class="figures">${items}</dl>`;
}

/** @param {{ found: Import }} props */
function Refused({ found }) {
  if (found.rejected === 0) return null;
  const columns = [
    {
      title: t("import.errors.line"),
      main: true,
      width: "7rem",
      cell: (/** @type {Import["errors"][number]} */ each) =>
        html`<span class="tabular"><span class="only-cards">${t("import.errors.line")} </span>${number(each.line)}</span>`,
    },
    {
      title: t("import.errors.why"),
      cell: (/** @type {Import["errors"][number]} */ each) => saidOf(each.message),
    },
  ];
  return html`<section aria-labelledby="refused-rows">
    <div class="section-head">
      <h2 id="refused-rows">${t("import.errors")}</h2>
      <${CsvDownload} path=${`/imports/${found.id}/rejected`} name=${t("import.errors.name")} label=${t("import.errors.download")} />
    </div>
    <p class="muted">
      ${found.rejected > found.errors.length && t("import.errors.first", { count: found.errors.length })}${" "}${t("import.errors.keep")}
    </p>
    <${DataTable} label=${t("import.errors")} columns=${columns} rows=${found.errors} rowKey=${(/** @type {Import["errors"][number]} */ each) => String(each.line)} />
  </section>`;
}

/** Stop sending the file of an import; it is forgotten. @param {string} id */
export function stopUpload(id) {
  uploads.get().get(id)?.stop.abort();
}
