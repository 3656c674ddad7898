// What can go wrong with a request. `problems.js` puts it into words.

/** The server answered, and said no. */
export class ApiError extends Error {
  /**
   * @param {{ status: number, type?: string, title?: string, detail?: string,
   *   fields?: { field: string, message: string }[], retryAfterS?: number | null }} told
   */
  constructor({ status, type = "", title = "", detail = "", fields = [], retryAfterS = null }) {
    super(detail || title || `HTTP ${status}`);
    this.status = status;
    /** The kind, such as "phone-taken"; empty when it was not our API that answered. */
    this.kind = type.split(":").at(-1) ?? "";
    this.title = title;
    this.detail = detail;
    this.fields = fields;
    this.retryAfterS = retryAfterS;
  }
}

/** No answer: the network is down, or it took too long. */
export class Offline extends Error {
  /** @param {"network" | "timeout"} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Nobody is signed in any more, and only the person can change that. */
export class SessionEnded extends Error {}

/** @param {unknown} error whether it is only that nobody waits for the answer any more */
export const isAborted = (error) => error instanceof DOMException && error.name === "AbortError";
