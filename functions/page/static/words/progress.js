// What is happening with a mailing now, in one sentence.

/** @type {import("../words.js").Catalogue} */
export default {
  "progress.at": { en: "at {when}", ru: "в {when}" },
  "progress.on": { en: "on {when}", ru: "{when}" },
  "progress.planned": { en: "Planned: starts {soon}, {at}.", ru: "Начнётся {soon}, {at}." },
  "progress.planned.for": {
    en: {
      one: "Planned for {count} person: starts {soon}, {at}.",
      other: "Planned for {count} people: starts {soon}, {at}.",
    },
    ru: {
      one: "Начнётся {soon}, {at}. Получит {count} человек.",
      few: "Начнётся {soon}, {at}. Получат {count} человека.",
      many: "Начнётся {soon}, {at}. Получат {count} человек.",
    },
  },
  "progress.choosing": {
    en: "Starting: clients are being chosen.",
    ru: "Запускается: выбираем получателей.",
  },
  "progress.closing": {
    en: "Its end has come: what is left is being closed.",
    ru: "Время вышло: закрываем то, что осталось.",
  },
  "progress.finishing": {
    en: {
      one: "{count} message is done; it finishes in a moment.",
      other: "All {count} messages are done; it finishes in a moment.",
    },
    ru: {
      one: "Обработано {count} сообщение, сейчас завершится.",
      few: "Обработаны все {count} сообщения, сейчас завершится.",
      many: "Обработаны все {count} сообщений, сейчас завершится.",
    },
  },
  "progress.outage.silent": {
    en: {
      one: "The gateway does not answer: {count} message waits and is tried again until {until}.",
      other:
        "The gateway does not answer: {count} messages wait and are tried again until {until}.",
    },
    ru: {
      one: "Шлюз не отвечает: {count} сообщение ждёт, попытки продолжаются до {until}.",
      few: "Шлюз не отвечает: {count} сообщения ждут, попытки продолжаются до {until}.",
      many: "Шлюз не отвечает: {count} сообщений ждут, попытки продолжаются до {until}.",
    },
  },
  "progress.outage.errors": {
    en: {
      one: "The gateway takes nothing: {count} message waits and is tried again until {until}.",
      other: "The gateway takes nothing: {count} messages wait and are tried again until {until}.",
    },
    ru: {
      one: "Шлюз ничего не принимает: {count} сообщение ждёт, попытки продолжаются до {until}.",
      few: "Шлюз ничего не принимает: {count} сообщения ждут, попытки продолжаются до {until}.",
      many: "Шлюз ничего не принимает: {count} сообщений ждут, попытки продолжаются до {until}.",
    },
  },
  "progress.stuck": {
    en: {
      one: "No progress: {count} message is tried again until {until}.",
      other: "No progress: {count} messages are tried again until {until}.",
    },
    ru: {
      one: "Дело не движется: {count} сообщение отправляем повторно до {until}.",
      few: "Дело не движется: {count} сообщения отправляем повторно до {until}.",
      many: "Дело не движется: {count} сообщений отправляем повторно до {until}.",
    },
  },
  "progress.hours": {
    en: {
      one: "Waits for local hours: {count} message, next opening {at}.",
      other: "Waits for local hours: {count} messages, next opening {at}.",
    },
    ru: {
      one: "{count} сообщение ждёт своих часов, ближайшая отправка {at}.",
      few: "{count} сообщения ждут своих часов, ближайшая отправка {at}.",
      many: "{count} сообщений ждут своих часов, ближайшая отправка {at}.",
    },
  },
  "progress.sending": {
    en: "Sending: {sent} of {total} sent.",
    ru: "Отправляем: {sent} из {total}.",
  },
  "progress.sending.hours": {
    en: "Sending: {sent} of {total} sent; the next local hours open {at}.",
    ru: "Отправляем: {sent} из {total}; следующие по местному времени {at}.",
  },
  "progress.sending.late": {
    en: "Sending: {sent} of {total} sent; the rest needs about {left}, but it ends {at}.",
    ru: "Отправляем: {sent} из {total}; на остальные нужно около {left}, но рассылка закончится {at}.",
  },
  "progress.sending.left": {
    en: "Sending: {sent} of {total} sent, about {left} left.",
    ru: "Отправляем: {sent} из {total}, осталось около {left}.",
  },
  "progress.paused": {
    en: {
      one: "Paused: nothing is sent, {count} message waits. It still ends {at}.",
      other: "Paused: nothing is sent, {count} messages wait. It still ends {at}.",
    },
    ru: {
      one: "На паузе: {count} сообщение ждёт. Рассылка всё равно закончится {at}.",
      few: "На паузе: {count} сообщения ждут. Рассылка всё равно закончится {at}.",
      many: "На паузе: {count} сообщений ждут. Рассылка всё равно закончится {at}.",
    },
  },
  "progress.finished.all": {
    en: { one: "Finished: {count} message sent.", other: "Finished: all {count} sent." },
    ru: {
      one: "Завершена: отправлено {count} сообщение.",
      few: "Завершена: отправлены все {count} сообщения.",
      many: "Завершена: отправлены все {count} сообщений.",
    },
  },
  "progress.finished.nobody": {
    en: "Finished: no client fitted the filter, so nothing was sent.",
    ru: "Завершена: под фильтр никто не подошёл, отправлять было некому.",
  },
  "progress.finished": {
    en: "Finished: {sent} of {total} sent, {others}.",
    ru: "Завершена: отправлено {sent} из {total}, {others}.",
  },
  "progress.again": {
    en: "What was not sent can be sent again until {until}.",
    ru: "До {until} неотправленное можно отправить ещё раз.",
  },
  "progress.cancelling": {
    en: {
      one: "Cancelled: {count} message is being taken back.",
      other: "Cancelled: {count} messages are being taken back.",
    },
    ru: {
      one: "Отменена: отзываем {count} сообщение.",
      few: "Отменена: отзываем {count} сообщения.",
      many: "Отменена: отзываем {count} сообщений.",
    },
  },
  "progress.cancelled": {
    en: "Cancelled: {sent} of {total} had been sent.",
    ru: "Отменена: успели отправить {sent} из {total}.",
  },
  "progress.cancelled.nothing": {
    en: "Cancelled: nothing was sent.",
    ru: "Отменена: ничего не отправлено.",
  },
  "progress.others.failed": { en: "{count} failed", ru: "{count} с ошибкой" },
  "progress.others.unknown": { en: "{count} unknown", ru: "{count} неизвестно" },
  "progress.others.expired": { en: "{count} expired", ru: "{count} не успели" },
  "progress.others.cancelled": { en: "{count} cancelled", ru: "{count} отменено" },
  "progress.others.pending": { en: "{count} still to be counted", ru: "{count} ещё подсчитываем" },
};
