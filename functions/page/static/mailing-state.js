// What the form of a mailing knows while it is filled in: which mistakes are to be shown, and the
// preview that follows it.
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "./context.js";
import { useDebounced } from "./debounced.js";
import { previewOf } from "./mailing-bodies.js";
import { fieldAt, mistakes } from "./mailing-rules.js";
import { usePoll } from "./polling.js";
import { fieldProblems } from "./problems.js";
import own from "./words/mailing-form.js";
import { translator } from "./words.js";

/** @typedef {import("./mailing-rules.js").Form} Form */
/** @typedef {import("./mailing-rules.js").FieldName} FieldName */

const t = translator(own);
const REST_MS = 350;
const MINUTE_MS = 60_000;
/** These are seen while they are made; nobody has to leave the field first. */
const AT_ONCE = new Set(["long", "tag", "code", "many", "sameHours", "beforeStart", "past"]);

/** The time, which moves on while somebody fills in a form. */
export function useNow() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/**
 * The form's mistakes: ours as they are made, the server's until their field is changed.
 * @param {Form} form
 * @param {{ now: Date, fields: readonly FieldName[] }} options
 */
export function useMistakes(form, { now, fields }) {
  const [touched, setTouched] = useState(/** @type {ReadonlySet<FieldName>} */ (new Set()));
  const [told, setTold] = useState(
    /** @type {{ form: Form, byField: Record<string, string> } | null} */ (null),
  );
  const found = mistakes(form, { now, fields });
  /** @type {Partial<Record<FieldName, string>>} */
  const wrong = {};
  for (const name of fields) {
    const mistake = found[name];
    if (mistake && (touched.has(name) || AT_ONCE.has(mistake.key)))
      wrong[name] = t(`form.wrong.${mistake.key}`, mistake.values);
  }
  for (const [path, message] of Object.entries(told?.form === form ? told.byField : {})) {
    const name = fieldAt(path);
    if (name) wrong[name] ??= message;
  }
  return {
    found,
    wrong,
    touch: (/** @type {FieldName} */ name) => setTouched(new Set([...touched, name])),
    touchAll: () => setTouched(new Set(fields)),
    /** @param {unknown} error @returns {boolean} whether each of its mistakes has its place at a field */
    tell(error) {
      const byField = fieldProblems(error);
      setTold({ form, byField });
      const paths = Object.keys(byField);
      return paths.length > 0 && paths.every((each) => fieldAt(each) !== null);
    },
  };
}

/**
 * Whom it would reach. The last answer stays until the next one is here, so that nothing flickers.
 * @param {Form} form
 * @param {import("./mailing-rules.js").Mistakes} found
 * @param {boolean} wanted
 */
export function usePreview(form, found, wanted) {
  const body = useDebounced(previewOf(form, found), REST_MS);
  const text = JSON.stringify(body);
  const poll = usePoll(
    `preview ${wanted} ${text}`,
    async (signal) =>
      wanted ? (await api.send("POST", "/mailings/preview", { body, signal })).body : undefined,
    { everyMs: 0 },
  );
  const last = useRef(/** @type {import("./types.js").Preview | undefined} */ (undefined));
  if (poll.data) last.current = poll.data;
  return {
    preview: poll.data ?? last.current,
    error: poll.error,
    busy: poll.loading,
    onRetry: poll.refresh,
  };
}
