// What is around every view: navigation, settings, banners, news; and the view itself, loaded by
// the address.
import { useEffect, useErrorBoundary, useRef, useState } from "preact/hooks";
import { OfflineBanner, SessionBanner } from "./components/banners.js";
import { Icon } from "./components/icons.js";
import { Notices } from "./components/notices.js";
import { Page } from "./components/page.js";
import { LoadingState } from "./components/states.js";
import { signOut } from "./context.js";
import { html } from "./html.js";
import { LANGUAGES, language, setLanguage } from "./language.js";
import { here, match } from "./router.js";
import { AREAS, ROUTES } from "./routes.js";
import { useStore } from "./store.js";
import { setTheme, THEMES, theme } from "./theme.js";
import shared from "./words/shared.js";
import { translator } from "./words.js";

const t = translator(shared);
/** Each language in its own words, so that everybody finds theirs. */
const LANGUAGE_NAMES = { en: "English", ru: "Русский" };

/** @param {{ who: string | null, phase: import("./session.js").Phase }} props */
export function Shell({ who, phase }) {
  const hash = useStore(here);
  const found = match(ROUTES, hash);
  return html`
    <a class="skip" href="#main" onClick=${toMain}>${t("app.skip")}</a>
    <header class="top">
      <div class="top-inner">
        <a class="brand" href="#/" aria-label="Carillon"><${Mark} /><span>Carillon</span></a>
        <${Navigation} area=${found?.route.area} />
        <${Settings} who=${who} />
      </div>
    </header>
    <main id="main" tabindex="-1">
      <${SessionBanner} phase=${phase} />
      <${OfflineBanner} />
      <${Outlet} found=${found} />
    </main>
    <${Notices} />`;
}

/** The skip link moves the focus and leaves the address, which is the view's. @param {Event} event */
function toMain(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M16 3.5a2 2 0 0 1 2 2v.8a8.4 8.4 0 0 1 6.4 8.2v5.3l2.2 3.4a1 1 0 0 1-.9 1.6H6.3a1 1 0 0 1-.9-1.6l2.2-3.4v-5.3A8.4 8.4 0 0 1 14 6.3v-.8a2 2 0 0 1 2-2z" />
    <path d="M12.6 26.5h6.8a3.4 3.4 0 0 1-6.8 0z" />
  </svg>`;
}

/** @param {{ area: string | undefined }} props */
function Navigation({ area }) {
  const links = Object.entries(AREAS).map(
    ([name, to]) => html`<li key=${name}>
      <a href=${to} aria-current=${name === area ? "page" : undefined}>
        <${Icon} name=${name} /><span>${t(`app.${name}`)}</span>
      </a>
    </li>`,
  );
  return html`<nav aria-label=${t("app.nav")}><ul>${links}</ul></nav>`;
}

/** Language, theme and the way out, behind one button. @param {{ who: string | null }} props */
function Settings({ who }) {
  /** @type {{ current: HTMLDetailsElement | null }} */
  const menu = useRef(null);
  const spoken = useStore(language);
  const chosen = useStore(theme);
  useEffect(() => {
    /** @param {Event} event */
    const close = (event) => {
      const shown = menu.current;
      const escaped = event instanceof KeyboardEvent && event.key === "Escape";
      const elsewhere =
        event.type !== "keydown" && !shown?.contains(/** @type {Node} */ (event.target));
      if (!shown?.open || !(escaped || elsewhere)) return;
      shown.open = false;
      if (escaped) shown.querySelector("summary")?.focus();
    };
    for (const kind of ["keydown", "pointerdown", "focusin"])
      document.addEventListener(kind, close);
    return () => {
      for (const kind of ["keydown", "pointerdown", "focusin"])
        document.removeEventListener(kind, close);
    };
  }, []);
  return html`<details class="menu" ref=${menu}>
    <summary aria-label=${t("app.settings")}><${Icon} name="settings" /></summary>
    <div class="menu-body">
      ${who && html`<p class="muted">${t("app.signedInAs", { who })}</p>`}
      <${Choice} label=${t("app.language")} name="language" values=${LANGUAGES} chosen=${spoken} onChoose=${setLanguage}
        word=${(/** @type {"en" | "ru"} */ each) => LANGUAGE_NAMES[each]} />
      <${Choice} label=${t("app.theme")} name="theme" values=${THEMES} chosen=${chosen} onChoose=${setTheme}
        word=${(/** @type {string} */ each) => t(`app.theme.${each}`)} />
      <a href="/docs" target="_blank" rel="noopener">${t("app.api")}</a>
      <button type="button" class="secondary" onClick=${signOut}>${t("app.signOut")}</button>
    </div>
  </details>`;
}

/**
 * @param {{ label: string, name: string, values: readonly string[], chosen: string,
 *   onChoose: (value: any) => void, word: (value: any) => string }} props
 */
function Choice({ label, name, values, chosen, onChoose, word }) {
  const choices = values.map(
    (each) => html`<label key=${each}>
      <input type="radio" name=${name} value=${each} checked=${each === chosen} onChange=${() => onChoose(each)} />
      <span>${word(each)}</span>
    </label>`,
  );
  return html`<fieldset class="segments small"><legend>${label}</legend>${choices}</fieldset>`;
}

/** The view of the address, once its module is here. @param {{ found: import("./router.js").Match | null }} props */
function Outlet({ found }) {
  const route = found?.route;
  const [loaded, setLoaded] = useState(
    /** @type {{ route: any, View: any, error: unknown } | null} */ (null),
  );
  useEffect(() => {
    if (!route) return;
    let awaited = true;
    route.load().then(
      (module) => awaited && setLoaded({ route, View: module.default, error: null }),
      (error) => awaited && setLoaded({ route, View: null, error }),
    );
    return () => {
      awaited = false;
    };
  }, [route]);
  if (!route) {
    return html`<${Page} key="nothing" title=${t("app.nothing")}>
      <p>${t("app.nothing.do")}</p>
      <p><a href="#/mailings">${t("app.toMailings")}</a></p>
    <//>`;
  }
  if (loaded?.route !== route) return html`<div class="page"><${LoadingState} /></div>`;
  const { View } = loaded;
  if (View) {
    // Another object is another view: nothing of the one before is left in its state.
    const key = [route.path, ...Object.values(found.params)].join(" ");
    return html`<${Guarded} key=${key} View=${View} params=${found.params} query=${found.query} />`;
  }
  return html`<${Reload} key="moved" said="app.moved" />`;
}

/**
 * A mistake of ours in a view stays in that view: the way to all others is still there.
 * @param {{ View: any, params: Record<string, string>, query: Record<string, string> }} props
 */
function Guarded({ View, params, query }) {
  const [broken] = useErrorBoundary((error) => console.error(error));
  if (broken) return html`<${Reload} said="app.broken" />`;
  return html`<${View} params=${params} query=${query} />`;
}

/** @param {{ said: "app.moved" | "app.broken" }} props */
function Reload({ said }) {
  return html`<${Page} title=${t(said)}>
    <p>${t(`${said}.do`)}</p>
    <button type="button" onClick=${() => location.reload()}>${t("app.reload")}</button>
  <//>`;
}
