// Downloads of CSV files.

/** @type {import("../words.js").Catalogue} */
export default {
  "csv.download": { en: "Download CSV", ru: "Скачать CSV" },
  "csv.cancel": { en: "Stop the download", ru: "Остановить загрузку" },
  "csv.rows": {
    en: { one: "{count} row so far…", other: "{count} rows so far…" },
    ru: {
      one: "получена {count} строка…",
      few: "получено {count} строки…",
      many: "получено {count} строк…",
    },
  },
  "csv.saved": {
    en: { one: "{name}: {count} row saved", other: "{name}: {count} rows saved" },
    ru: {
      one: "{name}: сохранена {count} строка",
      few: "{name}: сохранено {count} строки",
      many: "{name}: сохранено {count} строк",
    },
  },
};
