// Asking again and again, considerately: never twice at once, seldom while nobody looks, more and
// more seldom while it fails, and at once when somebody looks again or the network is back.
import { useEffect, useMemo, useReducer } from "preact/hooks";
import { isAborted } from "./faults.js";

/** A hidden page still follows, so that it is not far behind when looked at. */
const HIDDEN_FACTOR = 12;
const FAILING_MS_MAX = 60_000;

/**
 * @template T
 * @typedef {object} Seen
 * @property {T | undefined} data the last good answer
 * @property {unknown} error why the last try failed; null when it did not
 * @property {boolean} loading whether there was no answer at all yet
 */

/**
 * How often to ask, in ms, perhaps by what was seen last; 0 is never again.
 * @template T
 * @typedef {number | ((data: T | undefined) => number)} Every
 */

/**
 * Follows one thing. `load` gets a signal that fires when nobody waits for the answer any more.
 * @template T
 */
export class Poll {
  /**
   * @param {(signal: AbortSignal) => Promise<T>} load
   * @param {{ everyMs: Every<T>, onChange: () => void, isHidden?: () => boolean,
   *   setTimer?: (run: () => void, ms: number) => any, clearTimer?: (timer: any) => void }} options
   */
  constructor(load, options) {
    this.load = load;
    this.options = {
      isHidden: () => document.hidden,
      setTimer: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
      clearTimer: (/** @type {any} */ timer) => clearTimeout(timer),
      ...options,
    };
    /** @type {Seen<T>} */
    this.seen = { data: undefined, error: null, loading: true };
    this.failures = 0;
    this.again = false;
    this.stopped = false;
    /** @type {AbortController | null} */
    this.running = null;
    /** @type {any} */
    this.timer = null;
  }

  /** Ask now; while an answer is awaited, once more right after it. */
  async refresh() {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.options.clearTimer(this.timer);
    const running = new AbortController();
    this.running = running;
    try {
      const data = await this.load(running.signal);
      if (running.signal.aborted) return;
      this.failures = 0;
      this.seen = { data, error: null, loading: false };
    } catch (error) {
      if (running.signal.aborted || isAborted(error)) return;
      this.failures += 1;
      this.seen = { ...this.seen, error, loading: false };
    } finally {
      if (this.running === running) this.running = null;
    }
    this.options.onChange();
    if (this.again) {
      this.again = false;
      this.refresh();
    } else if (Number.isFinite(this.waitMs())) {
      this.timer = this.options.setTimer(() => this.refresh(), this.waitMs());
    }
  }

  /** How long until the next try. */
  waitMs() {
    const { isHidden } = this.options;
    const everyMs = this.#everyMs();
    const failing = Math.min(everyMs * 2 ** this.failures, Math.max(FAILING_MS_MAX, everyMs));
    return isHidden() ? Math.max(failing, everyMs * HIDDEN_FACTOR) : failing;
  }

  #everyMs() {
    const { everyMs } = this.options;
    const wanted = typeof everyMs === "function" ? everyMs(this.seen.data) : everyMs;
    return wanted || Number.POSITIVE_INFINITY;
  }

  /** For good: no answer that may still come is heeded, and nothing is asked any more. */
  stop() {
    this.stopped = true;
    this.running?.abort();
    this.running = null;
    this.again = false;
    this.options.clearTimer(this.timer);
  }
}

/**
 * The hook. Another `key` (whatever `load` depends on) begins anew and drops what was under way;
 * `everyMs` 0 asks once; where it follows from the data, a function of the module tells it.
 * @template T
 * @param {string} key
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {{ everyMs: Every<T> }} options
 * @returns {Seen<T> & { refresh: () => void }}
 */
export function usePoll(key, load, { everyMs }) {
  const [, redraw] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const poll = useMemo(
    () => new Poll(load, { everyMs, onChange: () => redraw(0) }),
    [key, typeof everyMs === "function" ? 0 : everyMs],
  );
  useEffect(() => {
    const heed = () => {
      if (!document.hidden) poll.refresh();
    };
    poll.refresh();
    document.addEventListener("visibilitychange", heed);
    window.addEventListener("online", heed);
    return () => {
      poll.stop();
      document.removeEventListener("visibilitychange", heed);
      window.removeEventListener("online", heed);
    };
  }, [poll]);
  return { ...poll.seen, refresh: () => poll.refresh() };
}
