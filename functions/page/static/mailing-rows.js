// Mailings together with their counts, which the API keeps apart.
import { api } from "./context.js";

/** @typedef {import("./types.js").Mailing} Mailing */
/** @typedef {import("./types.js").Counts} Counts */
/** @typedef {Mailing & { counts: Counts | null }} Row */

/**
 * A page of mailings with their counts. Both lists have the same order and move by cursors of
 * their own, so ours is both of them.
 * @param {string} status empty for all
 * @param {string | null} cursor
 * @param {number} limit
 * @param {AbortSignal} signal
 * @returns {Promise<{ items: Row[], next_cursor: string | null }>}
 */
export async function loadRows(status, cursor, limit, signal) {
  const [ofMailings, ofCounts] = cursor === null ? [null, null] : JSON.parse(cursor);
  const [mailings, counts] = await Promise.all([
    api.get("/mailings", { query: { status, limit, cursor: ofMailings }, signal }),
    api.get("/stats", { query: { status, limit, cursor: ofCounts }, signal }),
  ]);
  const byId = new Map(
    counts.items.map((/** @type {any} */ each) => [each.mailing_id, each.counts]),
  );
  const more = mailings.next_cursor !== null && counts.next_cursor !== null;
  return {
    items: mailings.items.map((/** @type {Mailing} */ each) => ({
      ...each,
      counts: byId.get(each.id) ?? null,
    })),
    next_cursor: more ? JSON.stringify([mailings.next_cursor, counts.next_cursor]) : null,
  };
}
