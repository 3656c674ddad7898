// The list of mailings.

/** @type {import("../words.js").Catalogue} */
export default {
  "mailings.title": { en: "Mailings", ru: "Рассылки" },
  "mailings.new": { en: "New mailing", ru: "Новая рассылка" },
  "mailings.filter": { en: "Status", ru: "Статус" },
  "mailings.of.scheduled": { en: "Scheduled", ru: "Запланированные" },
  "mailings.of.running": { en: "Running", ru: "Идущие" },
  "mailings.of.paused": { en: "Paused", ru: "На паузе" },
  "mailings.of.finished": { en: "Finished", ru: "Завершённые" },
  "mailings.of.cancelled": { en: "Cancelled", ru: "Отменённые" },
  "mailings.text": { en: "Text", ru: "Текст" },
  "mailings.status": { en: "Status", ru: "Статус" },
  "mailings.schedule": { en: "Schedule", ru: "Когда" },
  "mailings.progress": { en: "Messages", ru: "Сообщения" },
  "mailings.done": { en: "{done} of {total}", ru: "{done} из {total}" },
  "mailings.failedToo": { en: "{number} failed", ru: "{number} с ошибкой" },
  "mailings.unknownToo": { en: "{number} unknown", ru: "{number} неизвестно" },
  "mailings.starts": { en: "starts {when}", ru: "начнётся {when}" },
  "mailings.none": { en: "No mailings yet", ru: "Рассылок пока нет" },
  "mailings.none.do": {
    en: "Write a text, choose who gets it and when: the first one takes a minute.",
    ru: "Напишите текст, выберите получателей и время: первая займёт минуту.",
  },
  "mailings.noneSuch": { en: "No mailing has this status", ru: "Рассылок с таким статусом нет" },
  "mailings.noneSuch.do": { en: "Choose another one.", ru: "Выберите другой статус." },
};
