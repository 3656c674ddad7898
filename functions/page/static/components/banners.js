// What holds for the whole page: no network, or no session any more. Both leave the view as it is.
import { useEffect, useState } from "preact/hooks";
import { session } from "../context.js";
import { SessionEnded } from "../faults.js";
import { html } from "../html.js";
import { explain } from "../problems.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** Whether the browser believes that there is a network. */
export function useOnline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const heed = () => setOnline(navigator.onLine);
    window.addEventListener("online", heed);
    window.addEventListener("offline", heed);
    return () => {
      window.removeEventListener("online", heed);
      window.removeEventListener("offline", heed);
    };
  }, []);
  return online;
}

export function OfflineBanner() {
  const online = useOnline();
  return html`<div role="status">
    ${!online && html`<p class="banner"><b>${t("offline.title")}</b> ${t("offline.detail")}</p>`}
  </div>`;
}

/** What is shown is from before; `error` says why nothing newer is. @param {{ error: unknown }} props */
export function StaleBanner({ error }) {
  const online = useOnline();
  const told = online && error && !(error instanceof SessionEnded); // those have their own
  return html`<div role="status">
    ${told && html`<p class="banner"><b>${t("stale.title")}</b> ${explain(error).title}. ${explain(error).detail}</p>`}
  </div>`;
}

/** @param {{ phase: import("../session.js").Phase }} props */
export function SessionBanner({ phase }) {
  return html`<div role="alert">
    ${
      phase === "ended" &&
      html`<div class="banner ended">
        <p><b>${t("session.ended")}</b> ${t("session.ended.do")}</p>
        <button type="button" onClick=${() => session.signIn()}>${t("session.again")}</button>
      </div>`
    }
  </div>`;
}
