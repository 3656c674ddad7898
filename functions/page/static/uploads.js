// Files on their way to the bucket. An upload goes on while another view is shown, and is forgotten
// with the page: its file is nowhere else.
import { ApiError, Offline } from "./faults.js";
import { createStore } from "./store.js";

/** @typedef {NonNullable<import("./types.js").Import["upload"]>} Ticket */
/**
 * @typedef {object} Upload
 * @property {File} file
 * @property {"sending" | "sent" | "failed"} state
 * @property {number} loaded bytes that are there
 * @property {unknown} error why it failed
 * @property {AbortController} stop
 */

/** Somebody has uploaded there before, which counts: the request was repeated on its way. */
const ALREADY_THERE = 412;

/** By import. */
export const uploads = createStore(/** @type {ReadonlyMap<string, Upload>} */ (new Map()));

/**
 * Sends a file to where the API says; by XMLHttpRequest, because `fetch` tells no progress.
 * @param {Ticket} ticket
 * @param {Blob} file
 * @param {{ onProgress: (loaded: number) => void, signal: AbortSignal, make?: () => XMLHttpRequest }} options
 * @returns {Promise<void>} rejects with `ApiError`, `Offline`, or as aborted
 */
export function sendFile(ticket, file, { onProgress, signal, make = () => new XMLHttpRequest() }) {
  return new Promise((resolve, reject) => {
    const request = make();
    request.open(ticket.method, ticket.url);
    for (const [name, value] of Object.entries(ticket.headers))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const { status } = request;
      if ((status >= 200 && status < 300) || status === ALREADY_THERE) resolve();
      else reject(new ApiError({ status, type: status === 403 ? "upload-expired" : "" }));
    };
    request.onerror = () => reject(new Offline("network"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** @param {string} id @param {Partial<Upload> | null} changes null forgets it */
function change(id, changes) {
  const all = new Map(uploads.get());
  const before = all.get(id);
  if (changes === null) all.delete(id);
  else if (before) all.set(id, { ...before, ...changes });
  uploads.set(all);
  guardLeaving();
}

/** @param {BeforeUnloadEvent} event */
const ask = (event) => event.preventDefault();

/** Who closes the page in the middle of an upload is asked first, by the browser. */
function guardLeaving() {
  const busy = [...uploads.get().values()].some((each) => each.state === "sending");
  if (busy) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

/** @param {string} id of the import @param {Ticket} ticket @param {File} file */
export async function upload(id, ticket, file) {
  const stop = new AbortController();
  /** @type {Upload} */
  const begun = { file, state: "sending", loaded: 0, error: null, stop };
  uploads.set(new Map([...uploads.get(), [id, begun]]));
  guardLeaving();
  try {
    await sendFile(ticket, file, {
      onProgress: (loaded) => change(id, { loaded }),
      signal: stop.signal,
    });
    change(id, { state: "sent", loaded: file.size });
  } catch (error) {
    change(id, stop.signal.aborted ? null : { state: "failed", error });
  }
}
