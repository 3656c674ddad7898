// Why a message ended as it did, in human words; what its last error means says `error-words.js`.
import words from "./words/messages.js";
import { translator } from "./words.js";

const t = translator(words);

/** "The client was deleted" for "client_deleted". @param {string} reason */
export const reasonInWords = (reason) =>
  words[`reason.${reason}`] ? t(`reason.${reason}`) : reason;
