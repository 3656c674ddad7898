// What can be told of a file before it is sent: what surely is no CSV of clients is refused at once.
// All else the importer judges (carillon/policy/client_csv.py), which knows more.

/** The importer takes no more (FILE_BYTES_MAX). */
export const BYTES_MAX = 512 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
export const COLUMNS = /** @type {const} */ (["phone", "operator_code", "tags", "timezone"]);
const REQUIRED = /** @type {const} */ (["phone", "timezone"]);
const SEPARATORS = [",", ";", "\t"];

/** How files begin that spreadsheets save: .xlsx and .ods are ZIP archives, .xls is an OLE2 one. */
const SPREADSHEETS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];
const UTF16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** @param {Uint8Array} bytes @param {number[][]} marks */
const begins = (bytes, marks) =>
  marks.some((mark) => mark.every((each, index) => bytes[index] === each));

const LINE_FEED = 10;

/** @param {Uint8Array} line */
function isUtf8(line) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Another encoding, unless it is only a broken line: most lines beyond ASCII are no UTF-8.
 * @param {Uint8Array} head @param {boolean} isWhole
 */
function isForeign(head, isWhole) {
  if (begins(head, UTF16) || head.subarray(0, 1024).includes(0)) return true;
  let beyondAscii = 0;
  let broken = 0;
  for (let start = 0; start < head.length; ) {
    const feed = head.indexOf(LINE_FEED, start);
    if (feed < 0 && !isWhole) break; // the cut may be in the middle of a letter
    const end = feed < 0 ? head.length : feed;
    const line = head.subarray(start, end);
    if (line.some((each) => each > 127)) {
      beyondAscii += 1;
      if (!isUtf8(line)) broken += 1;
    }
    start = end + 1;
  }
  return broken > 1 && 2 * broken > beyondAscii;
}

/** The columns' names, by the separator that makes most of them known. @param {string} text */
function columnsOf(text) {
  const line = text.split(/\r\n|\n|\r/).find((each) => each.replace(/[,;\t\s]/g, "") !== "") ?? "";
  const readings = SEPARATORS.map((each) =>
    line.split(each).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim()
        .toLowerCase(),
    ),
  );
  const known = (/** @type {string[]} */ names) =>
    COLUMNS.filter((each) => names.includes(each)).length;
  return readings.reduce((best, each) => (known(each) > known(best) ? each : best), []);
}

/**
 * Why a file that begins like this cannot be imported, as a word of `import.refused.*`; null when
 * nothing speaks against it.
 * @param {{ name: string, size: number }} file
 * @param {Uint8Array} head its first bytes
 */
export function refusalOf({ name, size }, head) {
  if (size === 0) return "empty";
  if (size > BYTES_MAX) return "too_large";
  if (/\.(xlsx?|xlsm|xlsb|ods|numbers)$/i.test(name) || begins(head, SPREADSHEETS))
    return "spreadsheet";
  if (isForeign(head, size <= head.length)) return "not_utf8";
  const columns = columnsOf(new TextDecoder().decode(head));
  return REQUIRED.every((each) => columns.includes(each)) ? null : "no_header";
}

/** The same of a file that somebody chose. @param {File} file */
export async function checkFile(file) {
  const head = await file.slice(0, HEAD_BYTES).arrayBuffer();
  return refusalOf(file, new Uint8Array(head));
}

/** A file to begin from, made here. */
export const TEMPLATE = [
  COLUMNS.join(","),
  "79000000001,,vip;new,Europe/Moscow",
  "79000000002,900,,Asia/Yekaterinburg",
  "",
].join("\r\n");
