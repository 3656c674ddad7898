// The admin page begins here: sign in, then show the view of the address.
//
// How a view is written. `views/mailings.js` is the pattern; the table in `routes.js` names them all.
//
//   export default function Client({ params, query }) {       shown for `#/clients/{id}`
//     const client = usePoll(`client ${params.id}`,           another key is another thing
//       (signal) => api.get(`/clients/${params.id}`, { signal }), { everyMs: 10_000 });
//     if (client.loading) return html`<${Page} title=…><${LoadingState} /><//>`;
//     …ErrorState when there is an error and no data; StaleBanner above data with an error.
//     return html`<${Page} title=${…} actions=${…}>…<//>`;    heading, window title, focus
//   }
//
// * Words: `words/<area>.js`, `const t = translator(shared, own)` (see `words.js`); both languages.
// * Looks: `styles/<area>.css`, added to the page by itself; colours only through the custom
//   properties of `styles/base.css`, so that both themes hold.
// * Lists: `useEndless` + `DataTable` + `MoreList`. Forms: `Field`, `Chips`, `useDraft`, `createKeys`
//   for creates, `fieldProblems(error)` at the fields, `notify` when it worked, `ConfirmDialog` before
//   what cannot be undone. Downloads: `api.csvPages`.
// * Forbidden, and tested: `innerHTML`, `onclick=""`, `style="…"` as text, addresses of other origins,
//   words in a view. uPlot comes by `await import("uplot")`, in the view that draws.
// * Types: JSDoc, checked by `tsc`; the API's shapes stand in `types.d.ts`.
// * Tests: pure modules in `tests/unit/page/*.test.js`, the view in `tests/browser`: add it to `VIEWS`
//   of `tests/browser/views.py` and it is looked at in both themes and languages.
import { render } from "preact";
import { Gate } from "./components/gate.js";
import { session } from "./context.js";
import { html } from "./html.js";
import { language } from "./language.js";
import { Shell } from "./shell.js";
import { keeper, useStore } from "./store.js";

function App() {
  useStore(language); // everything is said anew
  const { phase, who, error } = useStore(session.state);
  if (phase === "signed_in" || phase === "ended")
    return html`<${Shell} who=${who} phase=${phase} />`;
  return html`<${Gate} phase=${phase} error=${error} />`;
}

document.documentElement.lang = language.get();
keeper(() => sessionStorage).write("carillon.reloads", null); // all is here: see `first.js`
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
session.start();
