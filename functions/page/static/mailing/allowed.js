// What an operator may do to a mailing, and in which states: `policy/actions.py` and
// `policy/edits.py` are the truth, a test holds both side by side.

/** @typedef {import("../types.js").Mailing} Mailing */
/** @typedef {"start" | "pause" | "resume" | "cancel" | "resend" | "edit"} Action */

/** @type {Readonly<Record<Action, readonly string[]>>} */
export const STATES = {
  start: ["scheduled"],
  pause: ["running"],
  resume: ["paused"],
  cancel: ["scheduled", "running", "paused"],
  resend: ["running", "paused", "finished"],
  edit: ["scheduled", "running", "paused"],
};

/** What may be sent again, as the API takes it. */
export const RESENDABLE = /** @type {const} */ (["failed", "unknown"]);

/**
 * Whether the API would take it; deleting is possible always. All else ends with the mailing's end.
 * @param {Action} action
 * @param {Mailing} mailing
 * @param {Date} now
 */
export function isAllowed(action, mailing, now) {
  return STATES[action].includes(mailing.status) && !hasEnded(mailing, now);
}

/** From then on nothing is sent any more. @param {Mailing} mailing @param {Date} now */
export const hasEnded = (mailing, now) => new Date(mailing.ends_at) <= now;
