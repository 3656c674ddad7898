// Short news that come and go: `notify(t("client.saved"))`, `notifyProblem(error)`. Errors stay until
// they are closed. Every one is read out by screen readers.
import { html } from "../html.js";
import { explain } from "../problems.js";
import { createStore, useStore } from "../store.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";

const t = translator(shared);
const SHOWN_MS = 6_000;
const SHOWN_MAX = 3;

/** @typedef {{ id: number, text: string, bad: boolean }} News */

const news = createStore(/** @type {News[]} */ ([]));
let last = 0;

/** @param {string} text @param {{ bad?: boolean }} [options] */
export function notify(text, { bad = false } = {}) {
  last += 1;
  const id = last;
  news.set([...news.get(), { id, text, bad }].slice(-SHOWN_MAX));
  if (!bad) setTimeout(() => forget(id), SHOWN_MS);
}

/** @param {unknown} error */
export function notifyProblem(error) {
  const { title, detail } = explain(error);
  notify(detail ? `${title}. ${detail}` : title, { bad: true });
}

/** @param {number} id */
function forget(id) {
  news.set(news.get().filter((each) => each.id !== id));
}

/** Where they are shown; the shell has it once. */
export function Notices() {
  const lines = useStore(news).map(
    (each) => html`<div key=${each.id} class="notice" data-bad=${each.bad ? "" : undefined}>
      <span>${each.text}</span>
      <button type="button" class="plain" aria-label=${t("app.close")} onClick=${() => forget(each.id)}>
        <${Icon} name="close" />
      </button>
    </div>`,
  );
  return html`<div class="notices" role="status" aria-live="polite">${lines}</div>`;
}
