// How many SMS parts a text is, as it is typed. The rule, its sources and its numbers are those of
// the server's `carillon/policy/sms_parts.py`; `tests/unit/page/test_sms_parts.py` holds both equal.

/** GSM 03.38's default alphabet without the escape: 127 characters, a septet each. */
export const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** Its extension table: two septets each. */
export const EXTENSION = "\f^{}\\[~]|€";

const basic = new Set(BASIC);
const extension = new Set(EXTENSION);
const UNIT_MAX = 0xffff;

/** Units that a message alone holds, and one of several. */
const ROOM = { gsm7: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } };

/**
 * @typedef {object} SmsParts
 * @property {"gsm7" | "ucs2"} encoding
 * @property {number} units septets, or units of 16 bits
 * @property {number} parts
 * @property {number} perPart units that fit into one of them
 * @property {number} left units that are still free in the last one
 */

/** @param {string} text @returns {SmsParts} */
export function smsParts(text) {
  const characters = [...text];
  const plain = characters.every((each) => basic.has(each) || extension.has(each));
  const encoding = plain ? "gsm7" : "ucs2";
  const wide = plain
    ? (/** @type {string} */ each) => extension.has(each)
    : (/** @type {string} */ each) => (each.codePointAt(0) ?? 0) > UNIT_MAX;
  const widths = characters.map((each) => (wide(each) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const { alone, joined } = ROOM[encoding];
  if (units <= alone) return { encoding, units, parts: 1, perPart: alone, left: alone - units };
  const { parts, used } = filled(widths, joined);
  return { encoding, units, parts, perPart: joined, left: joined - used };
}

/** A character never straddles two parts. @param {number[]} widths @param {number} room */
function filled(widths, room) {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { parts, used };
}

/** The characters, each once, that GSM 03.38 lacks: they make a text UCS-2. @param {string} text */
export function forcing(text) {
  return [...new Set(text)].filter((each) => !basic.has(each) && !extension.has(each));
}
