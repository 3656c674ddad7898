// The form of a mailing: new or edited, its preview and its test.

/** @type {import("../words.js").Catalogue} */
export default {
  "form.new": { en: "New mailing", ru: "Новая рассылка" },
  "form.edit": { en: "Edit the mailing", ru: "Изменить рассылку" },
  "form.discard": { en: "Discard what I typed", ru: "Сбросить введённое" },

  "form.text": { en: "Text", ru: "Текст" },
  "form.who": { en: "Recipients", ru: "Получатели" },
  "form.tags": { en: "Tags", ru: "Теги" },
  "form.tags.hint": {
    en: "Clients with any of these tags.",
    ru: "Клиенты хотя бы с одним из этих тегов.",
  },
  "form.tags.any": { en: "any tag", ru: "любые теги" },
  "form.codes": { en: "Operator codes", ru: "Коды операторов" },
  "form.codes.hint": {
    en: "Clients with any of these codes, such as 900.",
    ru: "Клиенты с любым из этих кодов, например 900.",
  },
  "form.codes.any": { en: "any operator", ru: "любые операторы" },
  "form.everybody": {
    en: "Nothing chosen: everybody in the directory gets it.",
    ru: "Ничего не выбрано: получат все клиенты.",
  },
  "form.stranger": { en: "No client has “{what}” yet.", ru: "Клиентов с «{what}» пока нет." },
  "form.when": { en: "Time", ru: "Время" },
  "form.start": { en: "Start", ru: "Начало" },
  "form.start.now": { en: "Now", ru: "Сейчас" },
  "form.start.at": { en: "At a set time", ru: "В заданное время" },
  "form.start.date": { en: "Date and time of the start", ru: "Дата и время начала" },
  "form.end": { en: "End", ru: "Окончание" },
  "form.end.hint": {
    en: "Nothing is sent from then on.",
    ru: "С этого момента ничего не отправляется.",
  },
  "form.end.picks": { en: "Quick choices for the end", ru: "Быстрый выбор окончания" },
  "form.end.hours": { en: "2 hours later", ru: "через 2 часа" },
  "form.end.today": { en: "today 21:00", ru: "сегодня в 21:00" },
  "form.end.tomorrow": { en: "tomorrow 21:00", ru: "завтра в 21:00" },
  "form.end.sameDay": { en: "that day 21:00", ru: "в тот же день в 21:00" },
  "form.end.nextDay": { en: "the day after 21:00", ru: "на следующий день в 21:00" },
  "form.hours": {
    en: "Only within certain hours of each client’s own clock",
    ru: "Только в определённые часы по местному времени клиента",
  },
  "form.hours.short": { en: "Hours", ru: "Часы" },
  "form.hours.from": { en: "From", ru: "С" },
  "form.hours.to": { en: "To", ru: "До" },
  "form.hours.said": {
    en: "Each client is written to from {from} to {to}, by the clock where they are.",
    ru: "Каждому пишем с {from} до {to} по его местному времени.",
  },
  "form.hours.wraps": {
    en: "Each client is written to from {from} to {to} the next day, by the clock where they are.",
    ru: "Каждому пишем с {from} до {to} следующего дня по его местному времени.",
  },

  "form.wrong.text": { en: "Write a text.", ru: "Напишите текст." },
  "form.wrong.blank": {
    en: "The text must not be only spaces.",
    ru: "Текст не может состоять из одних пробелов.",
  },
  "form.wrong.long": {
    en: {
      one: "{count} character too many: {max} at most.",
      other: "{count} characters too many: {max} at most.",
    },
    ru: {
      one: "Лишний {count} символ: можно не больше {max}.",
      few: "Лишние {count} символа: можно не больше {max}.",
      many: "Лишние {count} символов: можно не больше {max}.",
    },
  },
  "form.wrong.tag": {
    en: "“{what}” is too long for a tag: {max} characters at most.",
    ru: "Тег «{what}» слишком длинный: не больше {max} символов.",
  },
  "form.wrong.code": {
    en: "“{what}” is no operator code: it has three digits, such as 900.",
    ru: "«{what}» — не код оператора: в нём три цифры, например 900.",
  },
  "form.wrong.many": { en: "{count} at most.", ru: "Не больше {count}." },
  "form.wrong.date": { en: "Enter a date and a time.", ru: "Укажите дату и время." },
  "form.wrong.past": { en: "This time has passed.", ru: "Это время уже прошло." },
  "form.wrong.beforeStart": {
    en: "The end must be after the start.",
    ru: "Окончание должно быть позже начала.",
  },
  "form.wrong.hours": { en: "Enter both times.", ru: "Укажите оба времени." },
  "form.wrong.sameHours": {
    en: "The two times must differ. For all day, leave the hours out.",
    ru: "Время должно различаться. Чтобы писать весь день, уберите ограничение.",
  },
  "form.doubt.startsInPast": {
    en: "This time has passed, so it starts at once.",
    ru: "Это время уже прошло, поэтому рассылка начнётся сразу.",
  },
  "form.doubt.endsSoon": {
    en: "That leaves less than a quarter of an hour to send.",
    ru: "На отправку остаётся меньше четверти часа.",
  },

  "form.locked.running": {
    en: "It is running: the text, the end and the hours can still be changed, for what is not yet sent.",
    ru: "Рассылка уже идёт: можно изменить текст, окончание и часы — для того, что ещё не отправлено.",
  },
  "form.locked.paused": {
    en: "It is paused: the text, the end and the hours can still be changed, for what is not yet sent.",
    ru: "Рассылка на паузе: можно изменить текст, окончание и часы — для того, что ещё не отправлено.",
  },
  "form.over.finished": { en: "This mailing is finished", ru: "Рассылка завершена" },
  "form.over.cancelled": { en: "This mailing is cancelled", ru: "Рассылка отменена" },
  "form.over.do": {
    en: "Nothing about it can be changed any more.",
    ru: "Изменить в ней уже ничего нельзя.",
  },
  "form.over.see": { en: "See what became of it", ru: "Посмотреть результат" },

  "form.send": { en: "Send now…", ru: "Отправить сейчас…" },
  "form.schedule": { en: "Schedule", ru: "Запланировать" },
  "form.save": { en: "Save changes", ru: "Сохранить изменения" },
  "form.unchanged": { en: "Nothing is changed yet.", ru: "Пока ничего не изменено." },
  "form.check": { en: "Please look at the fields marked above.", ru: "Проверьте отмеченные поля." },
  "form.sent": { en: "The mailing starts now", ru: "Рассылка начинается" },
  "form.scheduled": { en: "Scheduled: it starts {when}", ru: "Запланировано: начнётся {when}" },
  "form.saved": { en: "Changes saved", ru: "Изменения сохранены" },
  "form.confirm": {
    en: { one: "Send to {count} person now?", other: "Send to {count} people now?" },
    ru: {
      one: "Отправить {count} человеку прямо сейчас?",
      few: "Отправить {count} людям прямо сейчас?",
      many: "Отправить {count} людям прямо сейчас?",
    },
  },
  "form.confirm.least": {
    en: {
      one: "Send to at least {count} person now?",
      other: "Send to at least {count} people now?",
    },
    ru: {
      one: "Отправить прямо сейчас? Получит не меньше {count} человека.",
      few: "Отправить прямо сейчас? Получат не меньше {count} человек.",
      many: "Отправить прямо сейчас? Получат не меньше {count} человек.",
    },
  },
  "form.confirm.unknown": { en: "Send now?", ru: "Отправить сейчас?" },
  "form.confirm.do": {
    en: "It can be paused and cancelled, but what is sent stays sent.",
    ru: "Рассылку можно приостановить и отменить, но отправленное не вернуть.",
  },
  "form.confirm.go": { en: "Send now", ru: "Отправить" },

  "form.moved": {
    en: "Somebody else has changed this mailing meanwhile.",
    ru: "Пока вы редактировали, рассылку изменил кто-то другой.",
  },
  "form.moved.status": { en: "Status", ru: "Статус" },
  "form.moved.was": { en: "was", ru: "было" },
  "form.moved.is": { en: "is now", ru: "стало" },
  "form.moved.yours": {
    en: "you changed this too: yours stays",
    ru: "вы это тоже изменили: останется ваш вариант",
  },
  "form.moved.lost": {
    en: "your change is not possible any more",
    ru: "ваше изменение уже невозможно",
  },
  "form.moved.take": {
    en: "Take it over, keep what I typed",
    ru: "Принять изменения, моё оставить",
  },
  "form.moved.none": { en: "none", ru: "нет" },
};
