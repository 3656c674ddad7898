// A mailing's text, sent to one phone to see it arrive.

/** @type {import("../words.js").Catalogue} */
export default {
  "test.title": { en: "Send a test to my phone", ru: "Отправить проверку на мой телефон" },
  "test.phone": { en: "Phone number", ru: "Номер телефона" },
  "test.hint": {
    en: "The saved text goes to this number at once. Nobody else gets it.",
    ru: "Сохранённый текст сразу уйдёт на этот номер. Больше никто его не получит.",
  },
  "test.unsaved": {
    en: "The test takes the text as it was last saved: save your changes first.",
    ru: "Проверка использует последний сохранённый текст: сначала сохраните изменения.",
  },
  "test.send": { en: "Send the test", ru: "Отправить проверку" },
  "test.wrong": {
    en: "7 and ten digits, such as +7 900 000-00-01.",
    ru: "7 и ещё десять цифр, например +7 900 000-00-01.",
  },
  "test.pending": { en: "On its way to {phone}…", ru: "Отправляем на {phone}…" },
  "test.sent": {
    en: "The gateway took it at {when}. It should be on {phone} any moment.",
    ru: "Шлюз принял сообщение в {when}. Скоро оно придёт на {phone}.",
  },
  "test.failed": { en: "It was not sent to {phone}.", ru: "На {phone} отправить не удалось." },
  "test.unknown": {
    en: "Nobody knows whether it reached {phone}: look at the phone.",
    ru: "Неизвестно, дошло ли сообщение до {phone}: проверьте телефон.",
  },
  "test.first": { en: "See it on your phone first?", ru: "Сначала увидеть на своём телефоне?" },
  "test.first.do": {
    en: "A test can be sent once the mailing is saved.",
    ru: "Проверку можно отправить, когда рассылка сохранена.",
  },
  "test.first.save": {
    en: "Save it to start {when}, then test",
    ru: "Сохранить с началом {when} и проверить",
  },
};
