// Why a message was not taken by the gateway, and what to do about it.

/** @type {import("../words.js").Catalogue} */
export default {
  "error.refused": { en: "The gateway refused the message", ru: "Шлюз не принял сообщение" },
  "error.refused.do": {
    en: "Most often the number does not exist. Check the client's number, then send again.",
    ru: "Чаще всего такого номера нет. Проверьте номер клиента и отправьте ещё раз.",
  },
  "error.token": { en: "The gateway refused our access", ru: "Шлюз отказал нам в доступе" },
  "error.token.do": {
    en: "Its access token is wrong or has run out: tell your administrator. Nothing is lost meanwhile.",
    ru: "Ключ доступа неверен или истёк: сообщите администратору. Сообщения не потеряются.",
  },
  "error.tooMany": {
    en: "The gateway asked to slow down",
    ru: "Шлюз попросил отправлять медленнее",
  },
  "error.tooMany.do": {
    en: "Nothing to do: it goes on more slowly, by itself.",
    ru: "Делать ничего не нужно: отправка замедлится сама.",
  },
  "error.busy": { en: "The gateway gave up waiting", ru: "Шлюз не дождался запроса" },
  "error.busy.do": {
    en: "It is tried again by itself. If it stays, ask the gateway's provider.",
    ru: "Попытка повторится сама. Если это не проходит, обратитесь к провайдеру шлюза.",
  },
  "error.address": {
    en: "The gateway does not know our request",
    ru: "Шлюз не понимает наш запрос",
  },
  "error.address.do": {
    en: "Its address is probably wrong: tell your administrator.",
    ru: "Скорее всего, неверен адрес шлюза: сообщите администратору.",
  },
  "error.moved": { en: "The gateway has another address", ru: "У шлюза сменился адрес" },
  "error.moved.do": {
    en: "It has to be set anew: tell your administrator.",
    ru: "Его нужно указать заново: сообщите администратору.",
  },
  "error.broken": { en: "The gateway has an error of its own", ru: "Внутренняя ошибка шлюза" },
  "error.broken.do": {
    en: "It is tried again by itself. If it stays, ask the gateway's provider.",
    ru: "Попытка повторится сама. Если это не проходит, обратитесь к провайдеру шлюза.",
  },
  "error.strange": { en: "The gateway's answer makes no sense", ru: "Непонятный ответ шлюза" },
  "error.strange.do": {
    en: "It did not confirm the message. If it stays, ask the gateway's provider.",
    ru: "Он не подтвердил приём. Если это не проходит, обратитесь к провайдеру шлюза.",
  },
  "error.timeout": { en: "The gateway did not answer in time", ru: "Шлюз не ответил вовремя" },
  "error.timeout.do": {
    en: "It may have taken the message nevertheless. It is tried again by itself.",
    ru: "Возможно, сообщение всё же принято. Попытка повторится сама.",
  },
  "error.unreachable": { en: "The gateway cannot be reached", ru: "Нет связи со шлюзом" },
  "error.unreachable.do": {
    en: "It is tried again by itself. If it stays, ask the gateway's provider.",
    ru: "Попытка повторится сама. Если это не проходит, обратитесь к провайдеру шлюза.",
  },
  "error.name": { en: "The gateway's name is not known", ru: "Адрес шлюза не найден" },
  "error.name.do": {
    en: "Its address is wrong or its name service is down: tell your administrator.",
    ru: "Адрес неверен или не работает DNS: сообщите администратору.",
  },
  "error.tls": {
    en: "No secure connection to the gateway",
    ru: "Не удалось защищённо соединиться со шлюзом",
  },
  "error.tls.do": {
    en: "Its certificate may have run out: ask the gateway's provider.",
    ru: "Возможно, истёк его сертификат: обратитесь к провайдеру шлюза.",
  },
  "error.cut": { en: "The connection broke off", ru: "Связь со шлюзом оборвалась" },
  "error.cut.do": {
    en: "It may have taken the message nevertheless. It is tried again by itself.",
    ru: "Возможно, сообщение всё же принято. Попытка повторится сама.",
  },
  "error.notCalled": { en: "The gateway was not called", ru: "До вызова шлюза не дошло" },
  "error.notCalled.do": {
    en: "Time ran out before the call. It is tried again by itself.",
    ru: "Не хватило времени. Попытка повторится сама.",
  },
};
