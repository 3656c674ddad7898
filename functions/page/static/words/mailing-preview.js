// What stands beside the form of a mailing: how long its text is, and whom it would reach.

/** @type {import("../words.js").Catalogue} */
export default {
  "count.characters": {
    en: { one: "{count} character", other: "{count} characters" },
    ru: { one: "{count} символ", few: "{count} символа", many: "{count} символов" },
  },
  "count.gsm7": { en: "GSM-7", ru: "GSM-7" },
  "count.ucs2": { en: "UCS-2", ru: "UCS-2" },
  "count.parts": {
    en: { one: "{count} SMS part", other: "{count} SMS parts" },
    ru: { one: "{count} часть SMS", few: "{count} части SMS", many: "{count} частей SMS" },
  },
  "count.left": { en: "{number} left in it", ru: "свободно: {number}" },
  "count.perPart": { en: "{number} per part", ru: "по {number} в части" },
  "count.forced.one": {
    en: "{list} makes it UCS-2: 70 characters per part instead of 160.",
    ru: "Из-за {list} текст идёт в UCS-2: 70 символов в части вместо 160.",
  },
  "count.forced.few": {
    en: "{list} make it UCS-2: 70 characters per part instead of 160.",
    ru: "Из-за {list} текст идёт в UCS-2: 70 символов в части вместо 160.",
  },
  "count.forced.many": {
    en: "Letters beyond the GSM alphabet make it UCS-2: 70 characters per part instead of 160.",
    ru: "Буквы вне алфавита GSM, как кириллица, идут в UCS-2: 70 символов в части вместо 160.",
  },
  "count.and": { en: "{first} and {last}", ru: "{first} и {last}" },
  "count.9": { en: "a tab", ru: "табуляции" },
  "count.a0": { en: "a no-break space", ru: "неразрывного пробела" },

  "preview.title": { en: "Whom it reaches", ru: "Кто получит" },
  "preview.least": { en: "at least", ru: "не меньше" },
  "preview.clients": {
    en: { one: "client", other: "clients" },
    ru: { one: "клиент", few: "клиента", many: "клиентов" },
  },
  "preview.clients.least": {
    en: { one: "client", other: "clients" },
    ru: { one: "клиента", few: "клиентов", many: "клиентов" },
  },
  "preview.inexact": {
    en: "The directory is too large to count in a moment.",
    ru: "Клиентов слишком много, чтобы сразу посчитать точно.",
  },
  "preview.each": { en: "each", ru: "на каждого" },
  "preview.total": {
    en: { one: "{count} part in all", other: "{count} parts in all" },
    ru: { one: "всего {count} часть", few: "всего {count} части", many: "всего {count} частей" },
  },
  "preview.zones": { en: "By their time zone", ru: "По часовым поясам" },
  "preview.zone": { en: "Time zone", ru: "Часовой пояс" },
  "preview.count": { en: "Clients", ru: "Клиенты" },
  "preview.start": { en: "Clock at start", ru: "Их время" },
  "preview.opening": { en: "Sent", ru: "Отправка" },
  "preview.atOnce": { en: "at once", ru: "сразу" },
  "preview.from": { en: "from {when}", ru: "с {when}" },
  "preview.never": { en: "never", ru: "никогда" },
  "preview.more": {
    en: { one: "Show {count} more zone", other: "Show {count} more zones" },
    ru: {
      one: "Показать ещё {count} пояс",
      few: "Показать ещё {count} пояса",
      many: "Показать ещё {count} поясов",
    },
  },
  "preview.nobody": {
    en: "Nobody matches. Take a tag or a code away, or import clients.",
    ru: "Никто не подходит. Уберите тег или код либо загрузите клиентов.",
  },
  "preview.shut": {
    en: {
      one: "{count} client gets nothing: their hours do not open before the end.",
      other: "{count} clients get nothing: their hours do not open before the end.",
    },
    ru: {
      one: "{count} клиент ничего не получит: его часы не наступят до окончания.",
      few: "{count} клиента ничего не получат: их часы не наступят до окончания.",
      many: "{count} клиентов ничего не получат: их часы не наступят до окончания.",
    },
  },
  "preview.wait": {
    en: {
      one: "{count} client is written to later, when their hours open.",
      other: "{count} clients are written to later, when their hours open.",
    },
    ru: {
      one: "{count} клиент получит позже, когда наступят его часы.",
      few: "{count} клиента получат позже, когда наступят их часы.",
      many: "{count} клиентов получат позже, когда наступят их часы.",
    },
  },
  "preview.pending": {
    en: {
      one: "{count} message is not yet sent and follows your changes.",
      other: "{count} messages are not yet sent and follow your changes.",
    },
    ru: {
      one: "{count} сообщение ещё не отправлено — изменения его коснутся.",
      few: "{count} сообщения ещё не отправлены — изменения их коснутся.",
      many: "{count} сообщений ещё не отправлено — изменения их коснутся.",
    },
  },
  "preview.running": { en: "Still to be sent", ru: "Ещё не отправлено" },
};
