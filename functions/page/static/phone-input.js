// A phone as people write it, and as the API takes it: 7 and ten digits.

/** "+7 (900) 000-00-01" and "8 900 000 00 01" as "79000000001"; null when it is no such number. @param {string} typed */
export function phoneOf(typed) {
  const digits = typed.replace(/[\s()+.\-‐-–]/g, "");
  const full = /^8\d{10}$/.test(digits) ? `7${digits.slice(1)}` : digits;
  return /^7\d{10}$/.test(full) ? full : null;
}
