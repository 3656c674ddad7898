// Importing clients from a CSV: choose the file, watch it go, mend what was refused. The address of
// an import can be left and come back to.
import { useRef } from "preact/hooks";
import { StaleBanner } from "../components/banners.js";
import { saveCsv } from "../components/csv-download.js";
import { DropZone } from "../components/drop-zone.js";
import { Icon } from "../components/icons.js";
import { ImportRun, stopUpload } from "../components/import-run.js";
import { notify, notifyProblem } from "../components/notices.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState, LoadingState } from "../components/states.js";
import { api } from "../context.js";
import { TEMPLATE } from "../csv-check.js";
import { ApiError } from "../faults.js";
import { zoneName } from "../format.js";
import { html } from "../html.js";
import { isOver } from "../importing.js";
import { usePoll } from "../polling.js";
import { href, navigate } from "../router.js";
import { useStore } from "../store.js";
import { upload, uploads } from "../uploads.js";
import own from "../words/import.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

/** @typedef {import("../types.js").Import} Import */

const t = translator(shared, own);
const EVERY_MS = 1_000;

/** A new import of the file, shown as soon as it is there. @param {File} file */
async function begin(file) {
  const { body } = await api.send("POST", "/imports");
  upload(body.id, body.upload, file);
  navigate(href("/clients/import/{id}", { id: body.id }));
}

/** @param {{ params: Record<string, string> }} props */
export default function ImportView({ params }) {
  return params.id ? html`<${One} id=${params.id} />` : html`<${New} />`;
}

const Lead = () =>
  html`<a href="#/clients">${t("import.back")}</a> · ${t("app.zone", { zone: zoneName() })}`;

function New() {
  return html`<${Page} title=${t("import.title")} lead=${html`<a href="#/clients">${t("import.back")}</a>`}>
    <${DropZone} onFile=${begin} />
    <${HowItLooks} />
  <//>`;
}

function HowItLooks() {
  const lines = ["first", "phone", "zone", "tags", "code", "save"];
  return html`<section class="card how" aria-labelledby="how">
    <div class="section-head">
      <h2 id="how">${t("import.how")}</h2>
      <button type="button" class="secondary" onClick=${() => saveCsv([TEMPLATE], t("import.template.name"))}>
        <${Icon} name="download" />${t("import.template")}
      </button>
    </div>
    <pre tabindex="0" aria-label=${t("import.how")}>${TEMPLATE.trim()}</pre>
    <ul>${lines.map((each) => html`<li key=${each}>${t(`import.how.${each}`)}</li>`)}</ul>
  </section>`;
}

/** @param {{ id: string }} props */
function One({ id }) {
  const mine = useStore(uploads).get(id);
  /** @type {{ current: Import | null }} */
  const last = useRef(null);
  const { data, error, loading, refresh } = usePoll(
    `import ${id}`,
    async (signal) => {
      // What is over is not asked for again.
      if (last.current === null || !isOver(last.current))
        last.current = await api.get(`/imports/${id}`, { signal });
      return last.current;
    },
    { everyMs: EVERY_MS },
  );
  /** @type {Import | null | undefined} */
  const found = data;
  const frame = { title: t("import.title"), lead: html`<${Lead} />` };
  if (loading) return html`<${Page} ...${frame}><${LoadingState} rows=${3} /><//>`;
  if (!found) {
    const isGone = error instanceof ApiError && error.status === 404;
    return html`<${Page} ...${frame}>
      ${
        isGone
          ? html`<${EmptyState} title=${t("import.gone")} detail=${t("import.gone.do")} /><${DropZone} onFile=${begin} small />`
          : html`<${ErrorState} error=${error} onRetry=${refresh} />`
      }
    <//>`;
  }

  function stop() {
    stopUpload(id);
    notify(t("import.stopped"));
    navigate("#/clients/import", { replace: true });
  }

  const busy =
    !isOver(found) && (mine !== undefined ? mine.state !== "failed" : found.status === "running");
  return html`<${Page} ...${frame}>
    <${StaleBanner} error=${error} />
    <${ImportRun} found=${found} upload=${mine} onStop=${stop} onAgain=${(/** @type {File} */ file) => begin(file).catch(notifyProblem)} />
    ${!busy && html`<section aria-labelledby="another"><h2 id="another">${t("import.another")}</h2><${DropZone} onFile=${begin} small /></section>`}
  <//>`;
}
