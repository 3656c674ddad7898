// Importing clients from a file.

/** @type {import("../words.js").Catalogue} */
export default {
  "import.title": { en: "Import clients", ru: "Импорт клиентов" },
  "import.back": { en: "All clients", ru: "Все клиенты" },
  "import.drop": { en: "Drop a CSV file here", ru: "Перетащите сюда файл CSV" },
  "import.drop.or": { en: "or choose one", ru: "или выберите его" },
  "import.drop.now": { en: "Let go to import it", ru: "Отпустите, чтобы загрузить" },
  "import.choose": { en: "Choose a file", ru: "Выбрать файл" },
  "import.another": { en: "Another file", ru: "Другой файл" },
  "import.checking": { en: "Looking at the file…", ru: "Проверяем файл…" },
  "import.one": {
    en: "One file at a time: drop just one.",
    ru: "По одному файлу за раз: перетащите только один.",
  },
  "import.refused.empty": { en: "The file is empty.", ru: "Файл пуст." },
  "import.refused.too_large": {
    en: "The file is larger than 512 MB. Cut it in two and import one after the other.",
    ru: "Файл больше 512 МБ. Разделите его и загрузите части по очереди.",
  },
  "import.refused.spreadsheet": {
    en: "This is a spreadsheet, not a CSV. Open it, choose “Save as” and the format “CSV UTF-8”, and drop what was saved.",
    ru: "Это таблица, а не CSV. Откройте её, выберите «Сохранить как» и формат «CSV UTF-8», затем загрузите сохранённый файл.",
  },
  "import.refused.not_utf8": {
    en: "The letters of this file are in another encoding. Save it as “CSV UTF-8” and drop it again.",
    ru: "Файл в другой кодировке. Сохраните его в формате «CSV UTF-8» и загрузите снова.",
  },
  "import.refused.no_header": {
    en: "The first line does not name the columns phone and timezone. Compare it with the template below.",
    ru: "В первой строке нет названий столбцов phone и timezone. Сверьте её с шаблоном ниже.",
  },

  "import.how": { en: "What the file looks like", ru: "Как должен выглядеть файл" },
  "import.how.first": {
    en: "The first line names the columns, in any order.",
    ru: "В первой строке — названия столбцов, порядок любой.",
  },
  "import.how.phone": {
    en: "phone — 7 and ten digits. Whoever has it already is updated, never added twice.",
    ru: "phone — 7 и ещё десять цифр. Если такой клиент уже есть, он обновится, а не добавится второй раз.",
  },
  "import.how.zone": {
    en: "timezone — such as Europe/Moscow.",
    ru: "timezone — например Europe/Moscow.",
  },
  "import.how.tags": {
    en: "tags (optional) — separated by ; or |.",
    ru: "tags (необязательно) — через ; или |.",
  },
  "import.how.code": {
    en: "operator_code (optional) — three digits; left empty, taken from the phone.",
    ru: "operator_code (необязательно) — три цифры; если пусто, возьмём из номера.",
  },
  "import.how.save": {
    en: "From a spreadsheet: “Save as”, “CSV UTF-8”. Commas and semicolons both work. Up to 512 MB.",
    ru: "Из таблицы: «Сохранить как» → «CSV UTF-8». Подойдут и запятые, и точки с запятой. До 512 МБ.",
  },
  "import.template": { en: "Download a template", ru: "Скачать шаблон" },
  "import.template.name": { en: "clients-template.csv", ru: "шаблон-клиентов.csv" },

  "import.sending": { en: "Uploading {name}", ru: "Загружаем {name}" },
  "import.sending.of": { en: "{done} of {all}", ru: "{done} из {all}" },
  "import.sending.stay": {
    en: "Keep this tab open until it is uploaded; after that you may leave.",
    ru: "Не закрывайте вкладку, пока файл загружается; потом можно уходить.",
  },
  "import.stop": { en: "Stop the upload", ru: "Остановить загрузку" },
  "import.stopped": {
    en: "The upload was stopped; nothing was imported.",
    ru: "Загрузка остановлена, ничего не импортировано.",
  },
  "import.broken": { en: "The upload broke off", ru: "Загрузка оборвалась" },
  "import.broken.do": {
    en: "Nothing of the file was imported. Try again: that begins a new import, and nobody is added twice, since a client is known by the phone.",
    ru: "Из файла ничего не импортировано. Повторите: начнётся новый импорт, и никто не добавится дважды — клиента узнаём по номеру.",
  },
  "import.broken.expired": {
    en: "The time for this upload was over. Try again: that begins a new import, and nobody is added twice, since a client is known by the phone.",
    ru: "Время на эту загрузку вышло. Повторите: начнётся новый импорт, и никто не добавится дважды — клиента узнаём по номеру.",
  },
  "import.again": { en: "Try again", ru: "Повторить" },
  "import.starting": { en: "The file is there", ru: "Файл получен" },
  "import.starting.do": {
    en: "It is about to be read. You may leave this page and come back.",
    ru: "Сейчас начнём читать. Страницу можно закрыть и вернуться позже.",
  },
  "import.awaiting": { en: "This import still awaits its file", ru: "Этот импорт ждёт свой файл" },
  "import.awaiting.do": {
    en: "If it is being uploaded in another tab, it goes on here by itself. If that tab was closed, the file never came: drop it below to begin anew. This import gives up {when}.",
    ru: "Если файл загружается в другой вкладке, здесь всё продолжится само. Если ту вкладку закрыли, файл не дошёл: загрузите его ниже ещё раз. Этот импорт перестанет ждать {when}.",
  },
  "import.running": { en: "Importing", ru: "Импортируем" },
  "import.running.do": {
    en: "You may leave this page; the import goes on.",
    ru: "Страницу можно закрыть: импорт продолжится.",
  },
  "import.finished": { en: "Import finished", ru: "Импорт завершён" },
  "import.finished.all": { en: "All rows were taken.", ru: "Приняты все строки." },
  "import.finished.none": {
    en: "The file has a header and no rows.",
    ru: "В файле только заголовок, строк нет.",
  },
  "import.finished.some": {
    en: {
      one: "{count} row was refused. Download it, mend it and drop it here: the rest stays as it is.",
      other:
        "{count} rows were refused. Download them, mend them and drop them here: the rest stays as it is.",
    },
    ru: {
      one: "{count} строка не принята. Скачайте её, исправьте и загрузите снова: остальное не изменится.",
      few: "{count} строки не приняты. Скачайте их, исправьте и загрузите снова: остальное не изменится.",
      many: "{count} строк не приняты. Скачайте их, исправьте и загрузите снова: остальное не изменится.",
    },
  },
  "import.failed": { en: "The import failed", ru: "Импорт не удался" },
  "import.failed.stays": {
    en: {
      one: "What was imported before, {count} row, stays.",
      other: "What was imported before, {count} rows, stays.",
    },
    ru: {
      one: "Уже импортированное ({count} строка) остаётся.",
      few: "Уже импортированное ({count} строки) остаётся.",
      many: "Уже импортированное ({count} строк) остаётся.",
    },
  },
  "import.reason.not_uploaded": {
    en: "No file came within the hour. Drop it below to begin anew.",
    ru: "За час файл так и не пришёл. Загрузите его ниже ещё раз.",
  },
  "import.reason.too_large": {
    en: "The file is larger than 512 MB. Cut it in two and import one after the other.",
    ru: "Файл больше 512 МБ. Разделите его и загрузите части по очереди.",
  },
  "import.reason.not_utf8": {
    en: "The letters of this file are in another encoding. Save it as “CSV UTF-8” and drop it below.",
    ru: "Файл в другой кодировке. Сохраните его в формате «CSV UTF-8» и загрузите ниже.",
  },
  "import.reason.no_header": {
    en: "The first line of the file does not name the columns as it should. Mend it and drop the file below.",
    ru: "В первой строке файла неверно названы столбцы. Исправьте её и загрузите файл ниже.",
  },
  "import.reason.upload_lost": {
    en: "The file was replaced, or was kept for a day and is gone. Drop it below: nobody is added twice.",
    ru: "Файл подменили, или истекли сутки, пока он хранился. Загрузите его ниже: никто не добавится дважды.",
  },
  "import.reason.other": {
    en: "Try it once more; if it fails again, ask your administrator.",
    ru: "Попробуйте ещё раз; если не получится, обратитесь к администратору.",
  },
  "import.gone": { en: "There is no such import", ru: "Такого импорта нет" },
  "import.gone.do": {
    en: "Imports are remembered for 30 days. You can begin another one here.",
    ru: "Импорты помним 30 дней. Новый можно начать здесь.",
  },

  "import.rows": { en: "Rows", ru: "Строк" },
  "import.created": { en: "Added", ru: "Добавлено" },
  "import.updated": { en: "Updated", ru: "Обновлено" },
  "import.rejected": { en: "Refused", ru: "Не принято" },
  "import.pace": {
    en: { one: "{count} row a second", other: "{count} rows a second" },
    ru: {
      one: "{count} строка в секунду",
      few: "{count} строки в секунду",
      many: "{count} строк в секунду",
    },
  },
  "import.left": { en: "about {time} left", ru: "осталось примерно {time}" },
  "import.since": { en: "Begun {when}", ru: "Начат {when}" },
  "import.took": { en: "ended {when}", ru: "завершён {when}" },
  "import.errors": { en: "Refused rows", ru: "Непринятые строки" },
  "import.errors.first": {
    en: "The first {count} are listed; the file has all of them.",
    ru: "Показаны первые {count}; в файле — все.",
  },
  "import.errors.line": { en: "Line", ru: "Строка" },
  "import.errors.why": { en: "Why", ru: "Почему" },
  "import.errors.download": { en: "Download refused rows", ru: "Скачать непринятые строки" },
  "import.errors.name": { en: "refused-rows.csv", ru: "непринятые-строки.csv" },
  "import.errors.keep": {
    en: "Kept for a day after the upload.",
    ru: "Хранятся сутки после загрузки.",
  },
};

/**
 * The importer's own sentences about a line or a file, in Russian (`client_csv.py`,
 * `csv_records.py`).
 * @type {ReadonlyArray<readonly [RegExp, string]>}
 */
export const SENTENCES = [
  [/^the phone is missing$/, "нет номера телефона"],
  [/^the phone must be 7/, "номер должен состоять из 7 и ещё десяти цифр, без пробелов и знаков"],
  [
    /^a spreadsheet has rounded the phone/,
    "таблица округлила номер: сделайте столбец текстовым, введите номера заново и сохраните",
  ],
  [/^the operator code must/, "код оператора — три цифры"],
  [/^there are more than (\d+) tags$/, "тегов больше $1"],
  [/^a tag is longer than (\d+)/, "тег длиннее $1 символов или содержит управляющий символ"],
  [/^the time zone must/, "часовой пояс — имя из базы IANA, например Europe/Moscow"],
  [
    /^there are more cells than columns/,
    "ячеек больше, чем столбцов: возьмите теги в кавычки или разделите их знаком |",
  ],
  [/^the line is longer than (\d+) KB$/, "строка длиннее $1 КБ"],
  [/^a quote is opened/, "кавычка открыта и не закрыта"],
  [/^there is text behind a closing quote$/, "после закрывающей кавычки есть текст"],
  [/^the line is not UTF-8/, "строка не в UTF-8: сохраните файл в формате «CSV UTF-8»"],
  [/^the line holds a zero byte$/, "в строке есть нулевой байт"],
  [/^the file has no header line$/, "в файле нет строки с названиями столбцов"],
  [
    /^the first line must name/,
    "в первой строке должны быть названия: phone, timezone и, если нужно, operator_code, tags",
  ],
  [/^“(.+)” is no column; known are (.+)$/, "столбца «$1» не бывает; известны: $2"],
  [/^a column has no name/, "у столбца нет названия"],
  [/^the column (\w+) is there twice$/, "столбец $1 указан дважды"],
  [/^the column (\w+) is missing$/, "нет столбца $1"],
  [/^the file is empty$/, "файл пуст"],
];
