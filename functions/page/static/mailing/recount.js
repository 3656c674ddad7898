// "Check the counts": compares them with the messages, and says what came of it.
import { useEffect, useState } from "preact/hooks";
import { notifyProblem } from "../components/notices.js";
import { api } from "../context.js";
import { html } from "../html.js";
import { usePoll } from "../polling.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);
const EVERY_MS = 1_000;

/** @typedef {{ status: "running" | "finished", messages: number | null, difference: Record<string, number> | null }} Outcome */

/** @param {{ id: string, onDone: () => void }} props */
export function Recount({ id, onDone }) {
  const [number, setNumber] = useState(/** @type {number | null} */ (null));
  const [asking, setAsking] = useState(false);
  const outcome = usePoll(
    `recount ${id} ${number}`,
    async (signal) =>
      number === null
        ? null
        : /** @type {Outcome} */ (await api.get(`/mailings/${id}/recounts/${number}`, { signal })),
    { everyMs: nextLook },
  );
  const seen = outcome.data ?? null;
  const busy = asking || (number !== null && seen?.status !== "finished");
  useEffect(() => {
    if (seen?.status === "finished") onDone();
  }, [seen?.status]);

  async function begin() {
    setAsking(true);
    try {
      setNumber((await api.send("POST", `/mailings/${id}/recount`)).body.number);
    } catch (error) {
      notifyProblem(error);
    }
    setAsking(false);
  }

  return html`<div class="recount">
    <span class="muted" role="status">${busy ? t("recount.busy") : seen && said(seen)}</span>
    <button type="button" class="quiet-button" aria-busy=${busy ? "true" : undefined} disabled=${busy} onClick=${begin}>
      ${t("recount.do")}
    </button>
  </div>`;
}

/** @param {Outcome | null | undefined} outcome */
const nextLook = (outcome) => (outcome?.status === "running" ? EVERY_MS : 0);

/** @param {Outcome} outcome */
function said({ messages, difference }) {
  if (messages === null) return t("recount.impossible");
  const off = Object.values(difference ?? {}).some((each) => each !== 0);
  return t(off ? "recount.mended" : "recount.exact", { count: messages });
}
