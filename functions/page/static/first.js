// Before the first pixel: the theme and the language that were chosen by hand, so that nothing flashes.
try {
  const theme = localStorage.getItem("carillon.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const language = localStorage.getItem("carillon.language") ?? navigator.language.slice(0, 2);
  if (language === "ru") document.documentElement.lang = language;
} catch {
  // A browser that keeps nothing shows the defaults.
}
