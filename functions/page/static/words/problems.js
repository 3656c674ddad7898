// What can go wrong. `problem.<kind>` names it, `problem.<kind>.do` says what to do about it.

/** @type {import("../words.js").Catalogue} */
export default {
  "problem.network": { en: "No connection", ru: "Нет связи" },
  "problem.network.do": {
    en: "Carillon cannot be reached. It is tried again as soon as the network is back.",
    ru: "Сервер недоступен. Повторим, как только связь восстановится.",
  },
  "problem.timeout": { en: "No answer in time", ru: "Ответа слишком долго нет" },
  "problem.timeout.do": {
    en: "Carillon took too long to answer. Try again.",
    ru: "Сервер не ответил вовремя. Попробуйте ещё раз.",
  },
  "problem.session": { en: "Your session has ended", ru: "Сеанс завершён" },
  "problem.session.do": { en: "Sign in again to go on.", ru: "Войдите снова, чтобы продолжить." },
  "problem.unexpected": { en: "Something went wrong here", ru: "На странице что-то сломалось" },
  "problem.unexpected.do": {
    en: "This is our mistake. Reload the page and try again.",
    ru: "Это наша ошибка. Обновите страницу и попробуйте ещё раз.",
  },
  "problem.malformed": { en: "The request could not be read", ru: "Запрос не удалось прочитать" },
  "problem.malformed.do": {
    en: "Reload the page and try again.",
    ru: "Обновите страницу и попробуйте ещё раз.",
  },
  "problem.unauthenticated": { en: "You are not signed in", ru: "Вы не вошли в систему" },
  "problem.unauthenticated.do": { en: "Sign in again.", ru: "Войдите снова." },
  "problem.forbidden": { en: "You may not do that", ru: "На это нет прав" },
  "problem.forbidden.do": {
    en: "Your account lacks the permission. Ask your administrator.",
    ru: "У вашей учётной записи нет такого разрешения. Обратитесь к администратору.",
  },
  "problem.not-found": { en: "There is no such thing", ru: "Здесь ничего нет" },
  "problem.not-found.do": {
    en: "It was deleted, or the address is wrong.",
    ru: "Возможно, это удалили или адрес неверен.",
  },
  "problem.method-not-allowed": { en: "That is not possible", ru: "Так сделать нельзя" },
  "problem.method-not-allowed.do": {
    en: "Reload the page: it may be older than the server.",
    ru: "Обновите страницу: возможно, она старее сервера.",
  },
  "problem.state-forbids": { en: "Not possible any more", ru: "Сейчас это невозможно" },
  "problem.state-forbids.do": {
    en: "Its state has changed meanwhile.",
    ru: "Состояние уже изменилось.",
  },
  "problem.phone-taken": { en: "This number is taken", ru: "Этот номер уже занят" },
  "problem.phone-taken.do": {
    en: "Another client has this phone number.",
    ru: "Такой номер уже есть у другого клиента.",
  },
  "problem.lost-race": { en: "Somebody was quicker", ru: "Кто-то успел раньше" },
  "problem.lost-race.do": {
    en: "It was changed at the same moment. Look at it again and repeat.",
    ru: "Данные изменились в тот же момент. Проверьте их и повторите.",
  },
  "problem.version-mismatch": { en: "Changed meanwhile", ru: "Данные уже изменились" },
  "problem.version-mismatch.do": {
    en: "Somebody else has edited it since you opened it. Load it anew and repeat your change.",
    ru: "Кто-то отредактировал это после того, как вы открыли страницу. Загрузите заново и повторите.",
  },
  "problem.body-too-large": { en: "That is too much at once", ru: "Слишком много за один раз" },
  "problem.body-too-large.do": { en: "Shorten it and try again.", ru: "Сократите и повторите." },
  "problem.target-too-long": { en: "The filter is too long", ru: "Слишком длинный фильтр" },
  "problem.target-too-long.do": { en: "Shorten the filter.", ru: "Сократите фильтр." },
  "problem.headers-too-large": { en: "The request is too large", ru: "Слишком большой запрос" },
  "problem.headers-too-large.do": {
    en: "Something between you and Carillon adds to it. Ask your administrator.",
    ru: "Его увеличивает что-то на пути к серверу. Обратитесь к администратору.",
  },
  "problem.unsupported-content-type": { en: "Not understood", ru: "Сервер не понял запрос" },
  "problem.unsupported-content-type.do": {
    en: "Reload the page: it may be older than the server.",
    ru: "Обновите страницу: возможно, она старее сервера.",
  },
  "problem.invalid-value": {
    en: "Please check what you entered",
    ru: "Проверьте введённые данные",
  },
  "problem.invalid-value.do": {
    en: "The mistakes are shown at the fields.",
    ru: "Ошибки показаны у полей.",
  },
  "problem.throttled": { en: "Too many requests", ru: "Слишком много запросов" },
  "problem.throttled.do": {
    en: "Wait a few seconds and try again.",
    ru: "Подождите несколько секунд и повторите.",
  },
  "problem.internal": { en: "Carillon made a mistake", ru: "Ошибка на сервере" },
  "problem.internal.do": {
    en: "It has been logged. Try again in a moment.",
    ru: "Мы её записали. Попробуйте ещё раз чуть позже.",
  },
  "problem.unavailable": { en: "Not available right now", ru: "Сейчас недоступно" },
  "problem.unavailable.do": {
    en: "The storage did not answer. This usually passes within seconds.",
    ru: "Хранилище не ответило. Обычно это проходит за несколько секунд.",
  },
  "problem.upload-expired": {
    en: "The time for the upload was over",
    ru: "Время на загрузку вышло",
  },
  "problem.upload-expired.do": { en: "Begin another import.", ru: "Начните новый импорт." },
  "problem.sign-in-unavailable": { en: "Sign-in is not available", ru: "Вход сейчас недоступен" },
  "problem.sign-in-unavailable.do": {
    en: "The sign-in service did not answer. Try again in a moment.",
    ru: "Служба входа не ответила. Попробуйте ещё раз чуть позже.",
  },
};

/**
 * The API's own sentences, in Russian. $1, $2 are what the pattern's groups held.
 * @type {ReadonlyArray<readonly [RegExp, string]>}
 */
export const MISTAKES = [
  [/^is required$/, "обязательное поле"],
  [/^must not be empty$/, "не должно быть пустым"],
  [/^must not be blank$/, "не должно состоять из одних пробелов"],
  [/^must have at most (\d+) characters$/, "не больше $1 символов"],
  [/^must have at most (\d+) items$/, "не больше $1 значений"],
  [/^must be 7 and ten digits/, "7 и ещё десять цифр, например 79000000001"],
  [/^must be three digits/, "три цифры, например 900"],
  [/^must be one line without space/, "одна строка без пробелов по краям"],
  [/^must be a time from 00:00/, "время от 00:00 до 23:59, например 09:30"],
  [/IANA time zone/, "неизвестный часовой пояс, пример: Europe/Moscow"],
  [/^must be in the future$/, "должно быть в будущем"],
  [/^must be after starts_at$/, "должно быть позже начала"],
  [/^must be before ends_at$/, "должно быть раньше окончания"],
  [/^is not a known field$/, "неизвестное поле"],
  [/^is not a parameter here$/, "неизвестный параметр"],
  [/^must be one of (.+)$/, "одно из значений: $1"],
  [/^was used with another body/, "этот запрос уже отправлен с другими данными"],
  [/start and end differ|must differ/, "начало и конец должны различаться"],
];
