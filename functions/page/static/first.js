// Before the first pixel: the theme and the language that were chosen by hand, so that nothing
// flashes. And a net below the page: what it consists of comes in many answers, and one that fails
// (a lost network, a limit of Lambda) is asked for again. What has come already is in the cache.
try {
  const theme = localStorage.getItem("carillon.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem("carillon.language") ?? navigator.language.slice(0, 2);
  if (language === "ru") document.documentElement.lang = language;
} catch {
  // A browser that keeps nothing shows the defaults.
}

const RELOADS = "carillon.reloads";
const RELOADS_MAX = 4;

addEventListener(
  "error",
  ({ target }) => {
    const script = target instanceof HTMLScriptElement;
    const style = target instanceof HTMLLinkElement && target.rel === "stylesheet";
    if (!script && !style) return;
    let reloads = RELOADS_MAX;
    try {
      reloads = Number(sessionStorage.getItem(RELOADS) ?? 0);
      sessionStorage.setItem(RELOADS, String(reloads + 1)); // `main.js` forgets it when it runs
    } catch {
      // Nothing would count the reloads, so there is none.
    }
    if (reloads < RELOADS_MAX) setTimeout(() => location.reload(), 500 * 2 ** reloads);
    else document.getElementById("app")?.append("Carillon: reload the page. / Обновите страницу.");
  },
  true,
);
