// All that is shown of one mailing, and how often to look.
import { isAborted } from "../faults.js";

/** @typedef {import("../types.js").Mailing} Mailing */
/** @typedef {import("../api.js").Api} Api */
/** @typedef {Omit<import("./progress-words.js").Seen, "recipients">} Live */

/** The counts follow the messages within two seconds; faster would only look busy. */
const SENDING_MS = 2_000;
const WAITING_MS = 5_000;
const OVER_MS = 30_000;

/**
 * The mailing and its counts must be there; who cannot tell of the gateway or of openings leaves
 * a gap and no error.
 * @param {Api} api
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Live>}
 */
export async function loadMailing(api, id, signal) {
  const path = `/mailings/${encodeURIComponent(id)}`;
  const [mailing, statistics] = await Promise.all([
    api.get(path, { signal }),
    api.get(`${path}/stats`, { signal }),
  ]);
  const waits = mailing.time_window !== null && isOpen(mailing);
  const [gateway, waves] = await Promise.all([
    mailing.status === "running" ? perhaps(api.get("/gateway", { signal })) : null,
    waits ? perhaps(api.get(`${path}/waves`, { query: { limit: 200 }, signal })) : null,
  ]);
  const openings = (waves?.items ?? []).map((/** @type {any} */ each) => each.opens_at);
  return { mailing, statistics, gateway, openings };
}

/**
 * Whom a planned mailing would reach now; null for any other, and where nobody can tell.
 * @param {Api} api
 * @param {Mailing | null} planned
 * @param {AbortSignal} signal
 * @returns {Promise<import("../types.js").Preview | null>}
 */
export async function loadAudience(api, planned, signal) {
  if (planned === null) return null;
  const { filter, starts_at, ends_at, time_window } = planned;
  const body = { filter, starts_at, ends_at, time_window };
  return (await perhaps(api.send("POST", "/mailings/preview", { body, signal })))?.body ?? null;
}

/** @param {Live | undefined} live */
export function pollEvery(live) {
  if (live === undefined) return SENDING_MS;
  const { status, starts_at: start } = live.mailing;
  if (status === "running") return SENDING_MS;
  if (status === "scheduled") {
    const soon = new Date(start).getTime() - Date.now() < 2 * WAITING_MS;
    return soon ? SENDING_MS : WAITING_MS;
  }
  if (status === "paused") return WAITING_MS;
  return live.statistics.counts.pending > 0 ? SENDING_MS : OVER_MS;
}

/** @param {Mailing} mailing */
const isOpen = ({ status }) =>
  status === "scheduled" || status === "running" || status === "paused";

/** @param {Promise<any>} answer */
async function perhaps(answer) {
  try {
    return await answer;
  } catch (error) {
    if (isAborted(error)) throw error;
    return null;
  }
}
