// What was typed and not yet sent, kept in this tab until it is sent or signed out: it survives the
// way to the sign-in page and back.
import { useCallback, useState } from "preact/hooks";
import { keeper } from "./store.js";

const PREFIX = "carillon.draft.";
const kept = keeper(() => sessionStorage);

export const drafts = {
  /** @param {string} name @returns {any} null when there is none */
  read(name) {
    const text = kept.read(PREFIX + name);
    try {
      return text === null ? null : JSON.parse(text);
    } catch {
      return null;
    }
  },
  /** @param {string} name @param {unknown} value null forgets it */
  write(name, value) {
    kept.write(PREFIX + name, value === null ? null : JSON.stringify(value));
  },
  forgetAll() {
    try {
      const names = Object.keys(sessionStorage).filter((each) => each.startsWith(PREFIX));
      for (const name of names) sessionStorage.removeItem(name);
    } catch {
      // Nothing could be kept there either.
    }
  },
};

/**
 * A form's state that is kept as a draft: `[value, change, forget]`; forget it once it is sent.
 * @template {object} T
 * @param {string} name one for each form and object, such as `mailing.new`
 * @param {() => T} initial
 * @returns {[T, (changes: Partial<T>) => void, () => void]}
 */
export function useDraft(name, initial) {
  const [value, setValue] = useState(() => ({ ...initial(), ...drafts.read(name) }));
  const change = useCallback(
    (/** @type {Partial<T>} */ changes) =>
      setValue((/** @type {T} */ before) => {
        const after = { ...before, ...changes };
        drafts.write(name, after);
        return after;
      }),
    [name],
  );
  const forget = useCallback(() => drafts.write(name, null), [name]);
  return [value, change, forget];
}
