// A value that components follow, and what is remembered across visits.
import { useEffect, useState } from "preact/hooks";

/**
 * @template T
 * @typedef {{ get: () => T, set: (value: T) => void, subscribe: (heed: () => void) => () => void }} Store
 */

/**
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let value = initial;
  /** @type {Set<() => void>} */
  const followers = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const heed of [...followers]) heed();
    },
    subscribe(heed) {
      followers.add(heed);
      return () => followers.delete(heed);
    },
  };
}

/**
 * The value, and another rendering whenever it changes.
 * @template T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
  const [value, setValue] = useState(() => store.get());
  useEffect(() => {
    const heed = () => setValue(() => store.get());
    heed(); // it may have changed since the rendering
    return store.subscribe(heed);
  }, [store]);
  return value;
}

/**
 * What is kept under a name in the browser; where that is forbidden or full, nothing is.
 * @param {() => Storage} storage
 */
export function keeper(storage) {
  return {
    /** @param {string} name @returns {string | null} */
    read(name) {
      try {
        return storage().getItem(name);
      } catch {
        return null;
      }
    },
    /** @param {string} name @param {string | null} value null forgets it */
    write(name, value) {
      try {
        if (value === null) storage().removeItem(name);
        else storage().setItem(name, value);
      } catch {
        // A visit without memory works as well.
      }
    },
  };
}

/** Kept for good: how somebody likes the page. Nothing of anybody's data. */
export const liking = keeper(() => localStorage);
