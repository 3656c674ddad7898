// Why a message ended as it did.

/** @type {import("../words.js").Catalogue} */
export default {
  "reason.refused": {
    en: "The gateway refused it for good",
    ru: "Шлюз окончательно отказал",
  },
  "reason.ended": {
    en: "The mailing ended before it could be sent",
    ru: "Рассылка закончилась раньше, чем удалось отправить",
  },
  "reason.hours_never_open": {
    en: "Its hours never opened in this client's time zone",
    ru: "Разрешённые часы в поясе клиента так и не наступили",
  },
  "reason.mailing_cancelled": {
    en: "The mailing was cancelled",
    ru: "Рассылку отменили",
  },
  "reason.client_deleted": {
    en: "The client was deleted",
    ru: "Клиента удалили",
  },
  "reason.not_confirmed": {
    en: "The gateway never confirmed it: it may have arrived",
    ru: "Шлюз так и не подтвердил: сообщение могло дойти",
  },
};
