// One mailing.

/** @type {import("../words.js").Catalogue} */
export default {
  "mailing.title": { en: "Mailing", ru: "Рассылка" },
  "mailing.of": { en: "Mailing of {when}", ru: "Рассылка {when}" },
  "mailing.gone": { en: "This mailing is not there", ru: "Такой рассылки нет" },
  "mailing.gone.do": {
    en: "It was deleted, or the address is wrong.",
    ru: "Её удалили, или адрес неверен.",
  },
  "mailing.text": { en: "Text", ru: "Текст" },
  "mailing.text.more": { en: "Show all of it", ru: "Показать целиком" },
  "mailing.text.less": { en: "Show less", ru: "Свернуть" },
  "mailing.to": { en: "To", ru: "Кому" },
  "mailing.to.everybody": { en: "Everybody", ru: "Всем клиентам" },
  "mailing.tags": { en: "To clients with a tag", ru: "Клиентам с тегом" },
  "mailing.codes": { en: "Operator codes", ru: "Коды операторов" },
  "mailing.created": { en: "Planned", ru: "Создана" },
  "mailing.changed": { en: "Last changed", ru: "Изменена" },
  "mailing.by": { en: "by {who}", ru: "({who})" },
  "mailing.byYou": { en: "by you", ru: "вами" },

  "audience.title": { en: "Who gets it", ru: "Кто получит" },
  "audience.count": {
    en: { one: "{count} person", other: "{count} people" },
    ru: { one: "{count} человек", few: "{count} человека", many: "{count} человек" },
  },
  "audience.least": {
    en: { one: "At least {count} person", other: "At least {count} people" },
    ru: {
      one: "Не меньше {count} человека",
      few: "Не меньше {count} человек",
      many: "Не меньше {count} человек",
    },
  },
  "audience.note": {
    en: "As the directory is now; they are chosen when it starts.",
    ru: "По нынешней базе; получателей выберем в момент начала.",
  },
  "audience.zone": { en: "Time zone", ru: "Часовой пояс" },
  "audience.start": { en: "Start there", ru: "Начало у них" },
  "audience.from": { en: "Written to", ru: "Отправим" },
  "audience.people": { en: "People", ru: "Людей" },
  "audience.atOnce": { en: "at once", ru: "сразу" },
  "audience.never": { en: "never: hours stay closed", ru: "никогда: часы не наступят" },
  "audience.more": {
    en: { one: "and {count} more time zone", other: "and {count} more time zones" },
    ru: {
      one: "и ещё {count} часовой пояс",
      few: "и ещё {count} часовых пояса",
      many: "и ещё {count} часовых поясов",
    },
  },

  "mailing.rate": {
    en: { one: "{count} message a minute", other: "{count} messages a minute" },
    ru: {
      one: "{count} сообщение в минуту",
      few: "{count} сообщения в минуту",
      many: "{count} сообщений в минуту",
    },
  },
  "mailing.left": { en: "About {time} left", ru: "Осталось около {time}" },
  "mailing.left.none": {
    en: "When it will be done cannot be told now",
    ru: "Когда закончится, сейчас сказать нельзя",
  },

  "recount.do": { en: "Check the counts", ru: "Проверить счётчики" },
  "recount.busy": { en: "Counting…", ru: "Считаем…" },
  "recount.exact": {
    en: { one: "Exact: {count} message.", other: "Exact: {count} messages." },
    ru: {
      one: "Всё верно: {count} сообщение.",
      few: "Всё верно: {count} сообщения.",
      many: "Всё верно: {count} сообщений.",
    },
  },
  "recount.mended": {
    en: { one: "Corrected: {count} message.", other: "Corrected: {count} messages." },
    ru: {
      one: "Исправлено: {count} сообщение.",
      few: "Исправлено: {count} сообщения.",
      many: "Исправлено: {count} сообщений.",
    },
  },
  "recount.impossible": {
    en: "The messages are no longer kept: nothing to compare with.",
    ru: "Сообщения уже не хранятся, сверять не с чем.",
  },

  "mailing.errors": { en: "What went wrong", ru: "Что пошло не так" },
  "mailing.errors.lead": {
    en: "The last error of each message that is not sent.",
    ru: "Последняя ошибка каждого неотправленного сообщения.",
  },
  "mailing.errors.rest": { en: "Other errors", ru: "Другие ошибки" },
  "mailing.gateway.down": {
    en: "The gateway is out of order.",
    ru: "Шлюз не работает.",
  },
  "mailing.gateway.troubled": {
    en: "Many calls of the gateway fail.",
    ru: "Шлюз часто отвечает ошибкой.",
  },
  "mailing.gateway.next": { en: "Next try in {time}.", ru: "Следующая попытка через {time}." },

  "schedule.title": { en: "Schedule", ru: "Расписание" },
  "schedule.start": { en: "Start", ru: "Начало" },
  "schedule.opens": { en: "Local hours open", ru: "Откроются часы отправки" },
  "schedule.more": {
    en: { one: "and {count} more opening", other: "and {count} more openings" },
    ru: { one: "и ещё {count} раз", few: "и ещё {count} раза", many: "и ещё {count} раз" },
  },
  "schedule.end": { en: "End", ru: "Конец" },
  "schedule.hours": {
    en: "Between {from} and {to} on each client's own clock.",
    ru: "С {from} до {to} по часам каждого клиента.",
  },
  "schedule.anyHour": { en: "At any hour of the day.", ru: "В любое время суток." },

  "chart.title": { en: "Messages per minute", ru: "Сообщений в минуту" },
  "chart.average": {
    en: { one: "Averages over {count} minute", other: "Averages over {count} minutes" },
    ru: {
      one: "В среднем за {count} минуту",
      few: "В среднем за {count} минуты",
      many: "В среднем за {count} минут",
    },
  },
  "chart.sent": { en: "Sent", ru: "Отправлено" },
  "chart.failed": { en: "Not sent", ru: "Не отправлено" },
  "chart.retried": { en: "Tried again", ru: "Повторные попытки" },
  "chart.minute": { en: "Minute", ru: "Минута" },
  "chart.table": { en: "As a table", ru: "Таблицей" },

  "messages.title": { en: "Messages", ru: "Сообщения" },
  "messages.filter": { en: "Status of the messages", ru: "Статус сообщений" },
  "messages.none": { en: "No messages of this status", ru: "Сообщений с таким статусом нет" },
  "messages.client": { en: "Client", ru: "Клиент" },
  "messages.status": { en: "Status", ru: "Статус" },
  "messages.what": { en: "What happened", ru: "Что произошло" },
  "messages.details": { en: "Details", ru: "Подробно" },
  "messages.look": {
    en: "Details of the message to client {client}",
    ru: "Подробно о сообщении клиенту {client}",
  },
  "messages.attempts": {
    en: { one: "{count} attempt", other: "{count} attempts" },
    ru: { one: "{count} попытка", few: "{count} попытки", many: "{count} попыток" },
  },
  "messages.first": { en: "Not before", ru: "Не раньше" },
  "messages.next": { en: "again at", ru: "снова" },

  "message.title": { en: "Message", ru: "Сообщение" },
  "message.attempts": { en: "Attempts", ru: "Попыток" },
  "message.lastError": { en: "Last error", ru: "Последняя ошибка" },
  "message.next": { en: "Next attempt", ru: "Следующая попытка" },
  "message.created": { en: "Created", ru: "Создано" },
  "message.sentAt": { en: "Confirmed", ru: "Подтверждено" },
  "message.gatewayId": { en: "Id at the gateway", ru: "Номер у шлюза" },
};
