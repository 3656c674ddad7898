// Where a file is dropped or chosen. All of the page takes a drop while this is shown: who misses
// the frame by a little would else have the browser open the file.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { checkFile } from "../csv-check.js";
import { html } from "../html.js";
import { explain } from "../problems.js";
import own from "../words/import.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";

const t = translator(own);

/** @param {DragEvent} event */
const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/**
 * Drags over the whole window, and what was dropped.
 * @param {(files: File[]) => void} onFiles
 */
function useDrops(onFiles) {
  const [over, setOver] = useState(false);
  const act = useRef(onFiles);
  act.current = onFiles;
  // Before it is painted: whoever sees the frame may let go over it.
  useLayoutEffect(() => {
    /** @param {DragEvent} event */
    function heed(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const left = event.type === "dragleave" && event.relatedTarget === null;
      setOver(event.type !== "drop" && !left);
      if (event.type === "drop") act.current([...(event.dataTransfer?.files ?? [])]);
    }
    const kinds = /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"]);
    for (const kind of kinds) document.addEventListener(kind, heed);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, heed);
    };
  }, []);
  return over;
}

/**
 * `onFile` begins the import; what it throws is told here, and the file may be sent again.
 * @param {{ onFile: (file: File) => Promise<unknown>, small?: boolean }} props
 */
export function DropZone({ onFile, small = false }) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState(/** @type {string | null} */ (null));
  const [name, setName] = useState("");

  /** @param {File[]} files */
  async function take(files) {
    const [file] = files;
    if (busy || !file) return;
    if (files.length > 1) return setRefusal(t("import.one"));
    setBusy(true);
    setRefusal(null);
    setName(file.name);
    try {
      const why = await checkFile(file);
      if (why) setRefusal(t(`import.refused.${why}`));
      else await onFile(file);
    } catch (error) {
      const told = explain(error);
      setRefusal(`${told.title}. ${told.detail}`);
    }
    setBusy(false);
  }

  const over = useDrops(take);
  return html`<div class=${`drop${small ? " small" : ""}`} data-over=${over ? "" : undefined} aria-busy=${busy ? "true" : "false"}>
    <label>
      <span class="drop-sign"><${Icon} name="upload" /></span>
      <b>${over ? t("import.drop.now") : t("import.drop")}</b>
      <input type="file" accept=".csv,text/csv,.txt,.tsv" disabled=${busy} aria-label=${t("import.choose")}
        onChange=${(/** @type {any} */ event) => {
          take([...event.currentTarget.files]);
          event.currentTarget.value = ""; // the same file, mended, is chosen anew
        }} />
      <span class="drop-choose">${busy ? t("import.checking") : t("import.drop.or")}</span>
    </label>
    <div role="alert">
      ${refusal && html`<p class="mistake">${name && html`<b>${name}</b>: `}${refusal}</p>`}
    </div>
  </div>`;
}
