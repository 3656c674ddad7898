// Tags and operator codes that clients have, for fields where one of them is wanted.
import { api } from "./context.js";
import { usePoll } from "./polling.js";

/** @typedef {import("./types.js").Suggestions} Suggestions */

/** @type {Suggestions} */
const NONE = { tags: [], operator_codes: [], exact: false };

/** None until they are here; a field works without them, so no error is told. @returns {Suggestions} */
export function useSuggestions() {
  const load = (/** @type {AbortSignal} */ signal) => api.get("/clients/suggestions", { signal });
  return usePoll("suggestions", load, { everyMs: 0 }).data ?? NONE;
}
