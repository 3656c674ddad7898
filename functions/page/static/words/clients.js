// The list of clients, one client, and the form of a client.

/** @type {import("../words.js").Catalogue} */
export default {
  "clients.title": { en: "Clients", ru: "Клиенты" },
  "clients.new": { en: "Add client", ru: "Добавить клиента" },
  "clients.import": { en: "Import", ru: "Импорт" },
  "clients.export": { en: "Export", ru: "Экспорт" },
  "clients.filter": { en: "Which clients", ru: "Каких клиентов показать" },
  "clients.search": { en: "Phone number", ru: "Номер телефона" },
  "clients.search.as": { en: "Searched for {phone}", ru: "Ищем {phone}" },
  "clients.search.wrong": {
    en: "A whole number is needed: ten digits after +7 or 8.",
    ru: "Нужен номер целиком: десять цифр после +7 или 8.",
  },
  "clients.tag": { en: "Tag", ru: "Тег" },
  "clients.code": { en: "Operator code", ru: "Код оператора" },
  "clients.any": { en: "any", ru: "любой" },
  "clients.clear": { en: "Clear all", ru: "Сбросить" },
  "clients.none": { en: "No clients yet", ru: "Клиентов пока нет" },
  "clients.none.do": {
    en: "Add the first one by hand, or import a file with all of them.",
    ru: "Добавьте первого вручную или загрузите файл сразу со всеми.",
  },
  "clients.noneSuch": { en: "No client fits", ru: "Таких клиентов нет" },
  "clients.noneSuch.do": {
    en: "Change the filters or clear them.",
    ru: "Измените фильтры или сбросьте их.",
  },
  "clients.nobody": { en: "Nobody has the number {phone}", ru: "Номера {phone} ни у кого нет" },
  "clients.nobody.do": {
    en: "You can add a client with it.",
    ru: "Можно добавить клиента с этим номером.",
  },
  "clients.goesOn": {
    en: "Nothing found so far; there is more to look through",
    ru: "Пока ничего не нашлось, но просмотрено не всё",
  },
  "clients.local": { en: "Local time", ru: "Местное время" },
  "clients.noTags": { en: "no tags", ru: "без тегов" },
  "clients.moreTags": { en: "and {count} more", ru: "и ещё {count}" },

  "client.phone": { en: "Phone", ru: "Телефон" },
  "client.phone.hint": {
    en: "With +7 or 8, spaces and brackets as you like.",
    ru: "С +7 или 8, пробелы и скобки — как удобно.",
  },
  "client.phone.as": { en: "Kept as {phone}", ru: "Сохраним как {phone}" },
  "client.phone.missing": { en: "Enter the phone number.", ru: "Введите номер телефона." },
  "client.phone.wrong": {
    en: "This is no whole number: ten digits after +7 or 8.",
    ru: "Это не полный номер: нужно десять цифр после +7 или 8.",
  },
  "client.phone.takenBy": {
    en: "Another client has this number.",
    ru: "Этот номер уже есть у другого клиента.",
  },
  "client.phone.toThem": { en: "Open that client", ru: "Открыть этого клиента" },
  "client.code": { en: "Operator code", ru: "Код оператора" },
  "client.code.hint": {
    en: "Three digits; left empty, it is taken from the phone.",
    ru: "Три цифры; если не указать, возьмём из номера.",
  },
  "client.code.taken": {
    en: "Left empty, it is {code}, as in the phone.",
    ru: "Если не указать, будет {code} — из номера.",
  },
  "client.code.wrong": { en: "Three digits, such as 900.", ru: "Три цифры, например 900." },
  "client.tags": { en: "Tags", ru: "Теги" },
  "client.tags.hint": {
    en: "Enter or a comma adds a tag.",
    ru: "Enter или запятая добавляет тег.",
  },
  "client.tags.many": { en: "At most 50 tags.", ru: "Не больше 50 тегов." },
  "client.tags.wrong": {
    en: "A tag has at most 64 characters.",
    ru: "В теге не больше 64 символов.",
  },
  "client.zone": { en: "Time zone", ru: "Часовой пояс" },
  "client.zone.hint": {
    en: "Type a city. Local hours of mailings follow this zone.",
    ru: "Начните вводить город. По этому поясу считаются часы рассылок.",
  },
  "client.zone.now": {
    en: "It is {clock} there now ({offset}).",
    ru: "Сейчас там {clock} ({offset}).",
  },
  "client.zone.missing": { en: "Choose a time zone.", ru: "Выберите часовой пояс." },
  "client.zone.wrong": {
    en: "There is no such zone: choose one from the list.",
    ru: "Такого пояса нет: выберите из списка.",
  },
  "client.added": { en: "{phone} is added", ru: "{phone}: клиент добавлен" },
  "client.saved": { en: "Saved", ru: "Сохранено" },
  "client.add": { en: "Add", ru: "Добавить" },
  "client.another": { en: "New client", ru: "Новый клиент" },

  "client.title": { en: "Client", ru: "Клиент" },
  "client.all": { en: "All clients", ru: "Все клиенты" },
  "client.edit": { en: "Edit", ru: "Изменить" },
  "client.delete": { en: "Delete", ru: "Удалить" },
  "client.delete.ask": { en: "Delete {phone}?", ru: "Удалить {phone}?" },
  "client.delete.what": {
    en: "Messages that still wait to be sent to this person will be cancelled. This cannot be undone.",
    ru: "Сообщения этому человеку, которые ещё не отправлены, будут отменены. Вернуть их нельзя.",
  },
  "client.deleted": { en: "{phone} is deleted", ru: "{phone}: клиент удалён" },
  "client.gone": { en: "There is no such client", ru: "Такого клиента нет" },
  "client.gone.do": {
    en: "The client was deleted, or the address is wrong.",
    ru: "Возможно, клиента удалили или адрес неверен.",
  },
  "client.added.at": { en: "Added", ru: "Добавлен" },
  "client.changed.at": { en: "Changed", ru: "Изменён" },
  "client.unchanged": { en: "never", ru: "не менялся" },
  "client.meanwhile": {
    en: "Somebody else has changed this client meanwhile. What you typed is kept; look at it and save again.",
    ru: "Пока вы редактировали, клиента изменил кто-то другой. Введённое вами сохранено: проверьте и сохраните ещё раз.",
  },
  "client.meanwhile.was": { en: "{field}: {from} → {to}", ru: "{field}: {from} → {to}" },
  "client.nothing": { en: "nothing", ru: "пусто" },
  "client.messages": { en: "Messages", ru: "Сообщения" },
  "client.messages.none": {
    en: "No message to this client yet",
    ru: "Этому клиенту ещё ничего не отправляли",
  },
  "client.messages.none.do": {
    en: "They appear here once a mailing reaches this client.",
    ru: "Сообщения появятся, когда клиент попадёт в рассылку.",
  },
  "client.messages.mailing": { en: "Mailing", ru: "Рассылка" },
  "client.messages.status": { en: "Status", ru: "Статус" },
  "client.messages.why": { en: "What happened", ru: "Что произошло" },
  "client.messages.when": { en: "When", ru: "Когда" },
  "client.messages.unnamed": { en: "Message", ru: "Сообщение" },
  "client.messages.attempts": {
    en: { one: "{count} attempt", other: "{count} attempts" },
    ru: { one: "{count} попытка", few: "{count} попытки", many: "{count} попыток" },
  },
  "client.messages.dueAt": { en: "next try {when}", ru: "попытка {when}" },
};
