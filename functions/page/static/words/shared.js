// Words that several views need.

/** @type {import("../words.js").Catalogue} */
export default {
  "app.skip": { en: "Skip to content", ru: "К содержанию" },
  "app.nav": { en: "Sections", ru: "Разделы" },
  "app.overview": { en: "Overview", ru: "Обзор" },
  "app.mailings": { en: "Mailings", ru: "Рассылки" },
  "app.clients": { en: "Clients", ru: "Клиенты" },
  "app.settings": { en: "Settings", ru: "Настройки" },
  "app.language": { en: "Language", ru: "Язык" },
  "app.theme": { en: "Theme", ru: "Тема" },
  "app.theme.auto": { en: "As the system", ru: "Как в системе" },
  "app.theme.light": { en: "Light", ru: "Светлая" },
  "app.theme.dark": { en: "Dark", ru: "Тёмная" },
  "app.api": { en: "API documentation", ru: "Документация API" },
  "app.signOut": { en: "Sign out", ru: "Выйти" },
  "app.signedInAs": { en: "Signed in as {who}", ru: "Вы вошли как {who}" },
  "app.close": { en: "Close", ru: "Закрыть" },
  "app.cancel": { en: "Cancel", ru: "Отмена" },
  "app.save": { en: "Save", ru: "Сохранить" },
  "app.retry": { en: "Try again", ru: "Повторить" },
  "app.reload": { en: "Reload the page", ru: "Обновить страницу" },
  "app.loading": { en: "Loading…", ru: "Загружаем…" },
  "app.more": { en: "Show more", ru: "Показать ещё" },
  "app.all": { en: "All", ru: "Все" },
  "app.zone": { en: "Times in {zone}", ru: "Время: {zone}" },
  "app.required": { en: "required", ru: "обязательно" },
  "app.optional": { en: "optional", ru: "необязательно" },
  "app.remove": { en: "Remove {what}", ru: "Удалить: {what}" },
  "app.broken": { en: "Something went wrong here", ru: "Здесь что-то сломалось" },
  "app.broken.do": {
    en: "This is a mistake of the page and changed nothing. Load it anew; if it comes again, tell whoever runs Carillon.",
    ru: "Это ошибка страницы, она ничего не изменила. Загрузите её заново; если повторится, скажите тем, кто обслуживает Carillon.",
  },
  "app.moved": { en: "A newer version is there", ru: "Вышла новая версия" },
  "app.moved.do": {
    en: "This part of the page could not be loaded: it was updated meanwhile, or the network is down.",
    ru: "Эту часть страницы не удалось загрузить: её обновили или пропала связь.",
  },
  "app.nothing": { en: "There is no such page", ru: "Такой страницы нет" },
  "app.nothing.do": { en: "Check the address.", ru: "Проверьте адрес." },
  "app.toMailings": { en: "To the mailings", ru: "К рассылкам" },

  "offline.title": { en: "You are offline.", ru: "Нет подключения к сети." },
  "offline.detail": {
    en: "What you see may be out of date; it goes on when the network is back.",
    ru: "Данные могли устареть; обновим их, когда сеть появится.",
  },
  "stale.title": { en: "Not up to date.", ru: "Данные могли устареть." },

  "session.starting": { en: "Signing in…", ru: "Входим…" },
  "session.ended": { en: "Your session has ended.", ru: "Сеанс завершён." },
  "session.ended.do": {
    en: "What you typed is kept.",
    ru: "Всё, что вы ввели, сохранится.",
  },
  "session.again": { en: "Sign in again", ru: "Войти снова" },
  "session.signIn": { en: "Sign in", ru: "Войти" },
  "session.out": { en: "You are signed out", ru: "Вы вышли" },
  "session.out.do": {
    en: "Nothing of your session is left in this tab.",
    ru: "В этой вкладке не осталось ничего от вашего сеанса.",
  },
  "session.failed": { en: "Signing in did not work", ru: "Войти не удалось" },
  "session.impossible": { en: "Sign-in is not set up", ru: "Вход не настроен" },
  "session.impossible.do": {
    en: "This deployment uses an identity provider of its own and has no public client for this page. Register one there (authorization code with PKCE, no secret, with this page's address as the callback) and deploy again with oidc_client_id set to its id.",
    ru: "Здесь используется внешний провайдер входа, и для этой страницы у него нет публичного клиента. Зарегистрируйте его там (authorization code с PKCE, без секрета, адрес возврата — адрес этой страницы) и разверните заново, указав его id в oidc_client_id.",
  },

  "status.scheduled": { en: "Scheduled", ru: "Запланирована" },
  "status.running": { en: "Running", ru: "Идёт" },
  "status.paused": { en: "Paused", ru: "На паузе" },
  "status.finished": { en: "Finished", ru: "Завершена" },
  "status.cancelled": { en: "Cancelled", ru: "Отменена" },

  "message.pending": { en: "Pending", ru: "В очереди" },
  "message.sent": { en: "Sent", ru: "Отправлено" },
  "message.failed": { en: "Failed", ru: "Ошибка" },
  "message.unknown": { en: "Unknown", ru: "Неизвестно" },
  "message.expired": { en: "Expired", ru: "Истекло" },
  "message.cancelled": { en: "Cancelled", ru: "Отменено" },
  "message.none": { en: "No messages", ru: "Сообщений нет" },

  "messages.count": {
    en: { one: "{count} message", other: "{count} messages" },
    ru: { one: "{count} сообщение", few: "{count} сообщения", many: "{count} сообщений" },
  },
  "confirm.touches": {
    en: { one: "This touches {count} person.", other: "This touches {count} people." },
    ru: {
      one: "Это затронет {count} человека.",
      few: "Это затронет {count} человек.",
      many: "Это затронет {count} человек.",
    },
  },
  "chips.options": {
    en: { one: "{count} suggestion", other: "{count} suggestions" },
    ru: { one: "{count} подсказка", few: "{count} подсказки", many: "{count} подсказок" },
  },
  "chips.added": { en: "{what} added", ru: "Добавлено: {what}" },
  "chips.removed": { en: "{what} removed", ru: "Удалено: {what}" },
  "chips.clients": {
    en: { one: "{count} client", other: "{count} clients" },
    ru: { one: "{count} клиент", few: "{count} клиента", many: "{count} клиентов" },
  },
};
