// Phone numbers as people type and paste them, in every shape that means the same one.

const WHOLE = /^7\d{10}$/;
/** What people put between digits: spaces of all widths, brackets, dashes, dots, slashes. */
const BETWEEN = /[\s().\-‐-―−/\u200b\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Whether it is a number as the directory has it. @param {string} text */
export const isPhone = (text) => WHOLE.test(text);

/**
 * "+7 (900) 000-00-01", "8 900 0000001" and "9000000001" as "79000000001"; null for what cannot be
 * a phone number of ours.
 * @param {string} text
 */
export function phoneOf(text) {
  const digits = text.replace(BETWEEN, "").replace(/^(\+|00(?=7))/, "");
  // Ten digits that begin with 7 or 8 are eleven of which the last is still to be typed.
  const whole = /^[3-69]\d{9}$/.test(digits) ? `7${digits}` : digits.replace(/^8(?=\d{10}$)/, "7");
  return isPhone(whole) ? whole : null;
}

/** The code that the API takes for a client of whom none was told. @param {string} whole */
export const operatorCodeOf = (whole) => whole.slice(1, 4);
