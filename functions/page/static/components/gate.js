// Before anybody is signed in: on the way, signed out, or why it does not work.
import { session } from "../context.js";
import { html } from "../html.js";
import { explain } from "../problems.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** @param {{ phase: import("../session.js").Phase, error: unknown }} props */
export function Gate({ phase, error }) {
  if (phase === "starting") {
    return html`<main class="gate"><p role="status" class="quiet">${t("session.starting")}</p></main>`;
  }
  const told = phase === "failed" ? explain(error) : null;
  const title = { failed: t("session.failed"), impossible: t("session.impossible") }[String(phase)];
  return html`<main class="gate">
    <div class="gate-card">
      <p class="brand">Carillon</p>
      <h1>${title ?? t("session.out")}</h1>
      <p class="muted">
        ${phase === "impossible" && t("session.impossible.do")}
        ${phase === "signed_out" && t("session.out.do")}
        ${told && `${told.title}. ${told.detail}`}
      </p>
      ${phase === "failed" && html`<button type="button" onClick=${() => session.start()}>${t("app.retry")}</button>`}
      ${phase === "signed_out" && html`<button type="button" onClick=${() => session.signIn()}>${t("session.signIn")}</button>`}
    </div>
  </main>`;
}
