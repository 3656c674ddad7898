// What can be done with a mailing, what is asked before, and what is said after.

/** @type {import("../words.js").Catalogue} */
export default {
  "do.start": { en: "Start now", ru: "Начать сейчас" },
  "do.pause": { en: "Pause", ru: "Приостановить" },
  "do.resume": { en: "Resume", ru: "Продолжить" },
  "do.cancel": { en: "Cancel mailing", ru: "Отменить рассылку" },
  "do.resend": { en: "Send again", ru: "Отправить ещё раз" },
  "do.edit": { en: "Edit", ru: "Изменить" },
  "do.delete": { en: "Delete", ru: "Удалить" },

  "did.start": { en: "The mailing is starting.", ru: "Рассылка запускается." },
  "did.pause": {
    en: "Paused. What was under way goes on to its end.",
    ru: "Рассылка на паузе. Начатые отправки завершатся.",
  },
  "did.resume": { en: "The mailing goes on.", ru: "Рассылка продолжается." },
  "did.cancel": { en: "The mailing is cancelled.", ru: "Рассылка отменена." },
  "did.resend": { en: "They are being sent again.", ru: "Отправляем ещё раз." },
  "did.delete": { en: "The mailing is deleted.", ru: "Рассылка удалена." },

  "ask.start": { en: "Start this mailing now?", ru: "Начать рассылку прямо сейчас?" },
  "ask.start.why": {
    en: "It will not wait for its planned start. Local hours still hold.",
    ru: "Назначенного времени ждать не будем. Часы отправки по-прежнему соблюдаются.",
  },
  "ask.cancel": { en: "Cancel this mailing for good?", ru: "Отменить рассылку насовсем?" },
  "ask.cancel.why": {
    en: "Whoever has not got it yet will not get it. This cannot be taken back; to stop for a while, pause.",
    ru: "Кто ещё не получил сообщение, уже не получит. Вернуть рассылку нельзя; чтобы остановить на время, поставьте её на паузу.",
  },
  "ask.resend": { en: "Send these messages again?", ru: "Отправить эти сообщения ещё раз?" },
  "ask.resend.why": {
    en: "They are sent with the text as it is now. Whoever got the message already does not get it again.",
    ru: "Отправим с нынешним текстом. Кто уже получил сообщение, второго не получит.",
  },
  "ask.resend.which": { en: "Which ones", ru: "Какие именно" },
  "ask.resend.both": { en: "Both", ru: "Все" },
  "ask.resend.unknown": {
    en: "Of the unknown ones some may have arrived: those people may get the message twice.",
    ru: "Часть сообщений с неизвестным исходом могла дойти: кто-то может получить их дважды.",
  },
  "ask.delete": { en: "Delete this mailing?", ru: "Удалить рассылку?" },
  "ask.delete.why": {
    en: "It stops at once, and its messages and counts are removed. This cannot be taken back.",
    ru: "Она сразу остановится, её сообщения и статистика будут удалены. Вернуть их нельзя.",
  },
};
