// A value once it has rested: what follows each key stroke would ask the server at each.
import { useEffect, useState } from "preact/hooks";

/**
 * @template T
 * @param {T} value compared as JSON
 * @param {number} ms
 * @returns {T}
 */
export function useDebounced(value, ms) {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return rested;
}
