// The API's client: bearer token, JSON, errors as `ApiError`, `Offline` or `SessionEnded`.
//
//   const page = await api.get("/mailings", { query: { status, limit: 50 }, signal });
//   const { body } = await api.send("POST", "/mailings", { body: mailing, key });
//   for await (const { text } of api.csvPages("/clients/export")) parts.push(text);
import { ApiError, isAborted, Offline } from "./faults.js";

const BASE = "/api/v1";
/** API Gateway gives up after 30 s: whoever waits longer waits for nothing. */
const TIMEOUT_MS = 32_000;

/** @typedef {Record<string, string | number | boolean | null | undefined>} Query */
/**
 * @typedef {object} Options
 * @property {Query} [query] empty and missing values are left out
 * @property {unknown} [body]
 * @property {string} [key] Idempotency-Key: the same for the same intention, see `createKeys`
 * @property {number} [version] If-Match: fails with 412 when somebody else has changed it
 * @property {AbortSignal} [signal]
 */
/** @typedef {{ status: number, body: any, location: string | null }} Answer */
/** @typedef {{ token: () => Promise<string>, renew: (refused: string) => Promise<string> }} Tokens */

/** @param {string} path @param {Query} [query] */
export function address(path, query = {}) {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

/** @param {Response} response @returns {Promise<ApiError>} */
export async function errorOf(response) {
  const retryAfter = Number(response.headers.get("Retry-After"));
  /** @type {any} */
  let told = {};
  try {
    told = await response.json();
  } catch {
    // Something between us and the API answered in its own way.
  }
  return new ApiError({
    status: response.status,
    type: told.type,
    title: told.title ?? told.message ?? "", // AWS's own bodies are {"message": ...}
    detail: told.detail,
    fields: told.errors,
    retryAfterS: retryAfter > 0 ? retryAfter : null,
  });
}

/** The whole body; the network may still fail when the headers are here. @param {Response} response */
async function textOf(response) {
  try {
    return await response.text();
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new Offline("network");
  }
}

/** Where a page's `Link: <...>; rel="next"` leads, or null. @param {string | null} header @param {string} from */
export function nextPage(header, from) {
  const match = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(header ?? "");
  return match?.[1] === undefined ? null : new URL(match[1], from).href;
}

export class Api {
  /** @param {Tokens} tokens @param {typeof fetch} [send] */
  constructor(tokens, send = (...args) => fetch(...args)) {
    this.tokens = tokens;
    this.fetch = send;
  }

  /** The body of a good answer. @param {string} path @param {Options} [options] @returns {Promise<any>} */
  async get(path, options) {
    return (await this.send("GET", path, options)).body;
  }

  /**
   * Any request below `/api/v1`.
   * @param {string} method
   * @param {string} path
   * @param {Options} [options]
   * @returns {Promise<Answer>}
   */
  async send(method, path, options = {}) {
    const response = await this.#request(method, address(path, options.query), options);
    const text = await textOf(response);
    return {
      status: response.status,
      body: text ? JSON.parse(text) : null,
      location: response.headers.get("Location"),
    };
  }

  /**
   * The texts of a CSV, page by page, to be joined; `rows` counts lines with their line end.
   * @param {string} path
   * @param {Options} [options]
   * @returns {AsyncGenerator<{ text: string, rows: number }>}
   */
  async *csvPages(path, options = {}) {
    /** @type {string | null} */
    let next = address(path, options.query);
    while (next !== null) {
      const response = await this.#request("GET", next, options);
      const text = await textOf(response);
      yield { text, rows: text.split("\r\n").length - 1 };
      next = nextPage(response.headers.get("Link"), response.url);
    }
  }

  /** @param {string} method @param {string} url @param {Options} options */
  async #request(method, url, options) {
    const token = await this.tokens.token();
    const response = await this.#fetch(method, url, token, options);
    if (response.ok) return response;
    if (response.status !== 401) throw await errorOf(response);
    const again = await this.#fetch(method, url, await this.tokens.renew(token), options);
    if (!again.ok) throw await errorOf(again);
    return again;
  }

  /** @param {string} method @param {string} url @param {string} token @param {Options} options */
  async #fetch(method, url, token, { body, key, version, signal }) {
    const headers = new Headers({ Authorization: `Bearer ${token}` });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (key !== undefined) headers.set("Idempotency-Key", key);
    if (version !== undefined) headers.set("If-Match", `"${version}"`);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.fetch(url, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        cache: "no-store",
      });
    } catch (error) {
      if (isAborted(error)) throw error;
      throw new Offline(timeout.aborted ? "timeout" : "network");
    }
  }
}

/**
 * Idempotency keys for a form: the same body gets the same key, so that sending it again after a
 * lost answer creates nothing twice; another body, or `done()`, begins a new one.
 */
export function createKeys() {
  let last = "";
  let key = "";
  return {
    /** @param {unknown} body */
    of(body) {
      const text = JSON.stringify(body);
      if (text !== last || key === "") {
        last = text;
        key = crypto.randomUUID();
      }
      return key;
    },
    done() {
      key = "";
    },
  };
}
