// The overview: what is going on, and how the gateway and the queues do.

/** @type {import("../words.js").Catalogue} */
export default {
  "overview.totals": { en: "All messages", ru: "Все сообщения" },
  "overview.totals.count": {
    en: { one: "message in all", other: "messages in all" },
    ru: { one: "сообщение всего", few: "сообщения всего", many: "сообщений всего" },
  },
  "overview.now": { en: "Going on now", ru: "Сейчас идут" },
  "overview.now.none": { en: "No mailing is running.", ru: "Сейчас ничего не отправляется." },
  "overview.next": { en: "Coming up", ru: "Скоро" },
  "overview.next.none": { en: "Nothing is scheduled.", ru: "Ничего не запланировано." },
  "overview.ends": { en: "ends {when}", ru: "закончится {when}" },
  "overview.more": {
    en: { one: "{count} more", other: "{count} more" },
    ru: { one: "ещё {count}", few: "ещё {count}", many: "ещё {count}" },
  },
  "overview.all": { en: "All of them", ru: "Показать все" },

  "overview.welcome": { en: "Welcome to Carillon", ru: "Добро пожаловать в Carillon" },
  "overview.welcome.do": {
    en: "Two steps to the first mailing: bring your clients in, then write to them.",
    ru: "До первой рассылки два шага: загрузите клиентов и напишите им.",
  },
  "overview.import": { en: "Import clients", ru: "Загрузить клиентов" },
  "overview.create": { en: "New mailing", ru: "Новая рассылка" },

  "gateway.title": { en: "Gateway", ru: "Шлюз" },
  "gateway.idle": { en: "Idle", ru: "Без работы" },
  "gateway.idle.do": {
    en: "No calls in the last five minutes.",
    ru: "За последние пять минут вызовов не было.",
  },
  "gateway.well": { en: "Working well", ru: "Работает исправно" },
  "gateway.well.do": { en: "It takes the messages.", ru: "Сообщения принимаются." },
  "gateway.troubled": { en: "Troubled", ru: "Работает с перебоями" },
  "gateway.troubled.do": {
    en: "Many calls fail. What fails is tried again by itself.",
    ru: "Много неудачных вызовов. Неудачные повторяются сами.",
  },
  "gateway.down": { en: "Down", ru: "Не работает" },
  "gateway.down.do": {
    en: "Messages wait and go out by themselves once it is back.",
    ru: "Сообщения ждут и уйдут сами, когда шлюз заработает.",
  },
  "gateway.breaker": {
    en: "Carillon holds its calls back until {when}, then tries one.",
    ru: "Вызовы приостановлены до {when}, затем будет пробный.",
  },
  "gateway.calls": { en: "Calls, last hour", ru: "Вызовы за час" },
  "gateway.errors": { en: "Failed, last hour", ru: "Неудачные за час" },
  "gateway.answer": { en: "Answer time", ru: "Время ответа" },
  "gateway.answer.half": { en: "half within {time}", ru: "половина за {time}" },
  "gateway.answer.most": { en: "95 % within {time}", ru: "95 % за {time}" },
  "gateway.pace": { en: "Pace", ru: "Темп" },
  "gateway.pace.full": { en: "{pace} SMS parts per second", ru: "{pace} частей SMS в секунду" },
  "gateway.pace.slowed": {
    en: "slowed to {share} of {pace} SMS parts per second: the gateway asked for it",
    ru: "замедлен до {share} от {pace} частей SMS в секунду: так попросил шлюз",
  },
  "gateway.pace.none": { en: "no limit set", ru: "без ограничения" },
  "gateway.lastError": { en: "Last trouble", ru: "Последняя неполадка" },
  "gateway.chart": { en: "Calls per minute", ru: "Вызовы по минутам" },
  "gateway.chart.said": {
    en: "Calls per minute in the last hour: {calls} in all, {failed} of them failed, {most} in the busiest minute.",
    ru: "Вызовы по минутам за час: всего {calls}, неудачных {failed}, в самую загруженную минуту {most}.",
  },
  "gateway.chart.none": {
    en: "No calls in the last hour.",
    ru: "За последний час вызовов не было.",
  },
  "gateway.chart.ago": { en: "an hour ago", ru: "час назад" },
  "gateway.chart.now": { en: "now", ru: "сейчас" },
  "gateway.chart.peak": { en: "at most {most} in a minute", ru: "не больше {most} в минуту" },
  "gateway.ms": { en: "{number} ms", ru: "{number} мс" },
  "gateway.s": { en: "{number} s", ru: "{number} с" },

  "queues.title": { en: "Queues", ru: "Очереди" },
  "queues.messages": { en: "Messages to send", ru: "Сообщения на отправку" },
  "queues.fanout": { en: "Work on mailings", ru: "Работа с рассылками" },
  "queues.imports": { en: "Imports of clients", ru: "Загрузка клиентов" },
  "queues.ready": { en: "Ready", ru: "Готовы" },
  "queues.delayed": { en: "Waiting", ru: "Ждут" },
  "queues.inFlight": { en: "In work", ru: "В работе" },
  "queues.name": { en: "Queue", ru: "Очередь" },
  "queues.about": {
    en: "The numbers are about a minute behind.",
    ru: "Числа запаздывают примерно на минуту.",
  },
  "queues.dead.none": {
    en: "Nothing has been given up on.",
    ru: "Ничего не потеряно: отложенных с ошибкой нет.",
  },
  "queues.dead": {
    en: {
      one: "{count} task was given up on after too many errors: tell your administrator.",
      other: "{count} tasks were given up on after too many errors: tell your administrator.",
    },
    ru: {
      one: "{count} задание отложено после многих ошибок: сообщите администратору.",
      few: "{count} задания отложено после многих ошибок: сообщите администратору.",
      many: "{count} заданий отложено после многих ошибок: сообщите администратору.",
    },
  },
};
