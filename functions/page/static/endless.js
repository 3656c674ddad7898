// A list without end: pages by cursor, the newest ones read again and again, and no row twice.
import { useEffect, useMemo, useReducer } from "preact/hooks";
import { isAborted } from "./faults.js";
import { usePoll } from "./polling.js";

/** The most that one request may ask for. */
const LIMIT_MAX = 200;
/** A page may be empty while there is more; so many are looked through at once. */
const EMPTY_PAGES_MAX = 20;

/**
 * @template T
 * @typedef {{ items: T[], next_cursor: string | null }} Piece
 */
/**
 * @template T
 * @typedef {(cursor: string | null, limit: number, signal: AbortSignal) => Promise<Piece<T>>} LoadPiece
 */

/**
 * From `cursor` on until there is something, or nothing more.
 * @template T
 * @param {LoadPiece<T>} load
 * @param {string | null} cursor
 * @param {number} limit
 * @param {AbortSignal} signal
 * @returns {Promise<Piece<T>>}
 */
export async function loadSome(load, cursor, limit, signal) {
  let page = await load(cursor, limit, signal);
  for (let tries = 1; page.items.length === 0 && page.next_cursor !== null; tries += 1) {
    if (tries === EMPTY_PAGES_MAX) return page;
    page = await load(page.next_cursor, limit, signal);
  }
  return page;
}

/**
 * What was just read, followed by what was known beyond it. Where the new reading reaches the end
 * of the list, nothing is beyond.
 * @template T
 * @param {Piece<T>} known
 * @param {Piece<T>} head
 * @param {(item: T) => string} idOf
 * @returns {Piece<T>}
 */
export function withHead(known, head, idOf) {
  const last = head.items.at(-1);
  const at = last === undefined ? -1 : known.items.findIndex((each) => idOf(each) === idOf(last));
  if (head.next_cursor === null || at < 0 || at === known.items.length - 1) return head;
  const read = new Set(head.items.map(idOf));
  const beyond = known.items.slice(at + 1).filter((each) => !read.has(idOf(each)));
  return { items: [...head.items, ...beyond], next_cursor: known.next_cursor };
}

/**
 * The hook. Another `key` (the filters) begins anew; `everyMs` 0 does not read again by itself.
 * @template T
 * @param {string} key
 * @param {LoadPiece<T>} load
 * @param {{ idOf: (item: T) => string, everyMs?: number, size?: number }} options
 */
export function useEndless(key, load, { idOf, everyMs = 0, size = 50 }) {
  const [, redraw] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const list = useMemo(
    () => ({
      /** @type {Piece<T>} */
      known: { items: [], next_cursor: null },
      loading: false,
      /** @type {unknown} */
      error: null,
      gone: new AbortController(),
    }),
    [key],
  );
  useEffect(() => () => list.gone.abort(), [list]);

  const poll = usePoll(
    key,
    async (signal) => {
      const limit = Math.min(LIMIT_MAX, Math.max(size, list.known.items.length));
      list.known = withHead(list.known, await loadSome(load, null, limit, signal), idOf);
      return list.known;
    },
    { everyMs },
  );

  async function more() {
    if (list.loading || list.known.next_cursor === null) return;
    list.loading = true;
    list.error = null;
    redraw(0);
    try {
      const page = await loadSome(load, list.known.next_cursor, size, list.gone.signal);
      const there = new Set(list.known.items.map(idOf));
      const fresh = page.items.filter((each) => !there.has(idOf(each)));
      list.known = { items: [...list.known.items, ...fresh], next_cursor: page.next_cursor };
    } catch (error) {
      if (isAborted(error)) return;
      list.error = error;
    }
    list.loading = false;
    redraw(0);
  }

  return {
    items: list.known.items,
    loading: poll.loading,
    error: poll.error,
    refresh: poll.refresh,
    /** For `MoreList`. */
    more: {
      more: list.known.next_cursor !== null,
      loading: list.loading,
      error: list.error,
      onMore: more,
    },
  };
}
