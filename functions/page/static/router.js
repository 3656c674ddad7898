// Which view an address shows: `#/mailings/7f3a?status=sent` is the view of `#/mailings/{id}` with
// `{ id: "7f3a" }` and `{ status: "sent" }`.
import { createStore } from "./store.js";

/**
 * @typedef {object} Route
 * @property {string} path such as `/mailings/{id}`; `{id?}` may be missing
 * @property {() => Promise<{ default: any }>} load
 * @property {string} area the part of the navigation that it belongs to
 */
/** @typedef {{ route: Route, params: Record<string, string>, query: Record<string, string> }} Match */

/**
 * The first route that fits, or null.
 * @param {Route[]} routes
 * @param {string} hash
 * @returns {Match | null}
 */
export function match(routes, hash) {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const steps = path.split("/").filter(Boolean);
  for (const route of routes) {
    const params = fit(route.path.split("/").filter(Boolean), steps);
    if (params) return { route, params, query: Object.fromEntries(new URLSearchParams(query)) };
  }
  return null;
}

/** @param {string[]} pattern @param {string[]} steps @returns {Record<string, string> | null} */
function fit(pattern, steps) {
  if (steps.length > pattern.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of pattern.entries()) {
    const step = steps[index];
    const name = /^\{(\w+)(\??)\}$/.exec(part);
    if (step === undefined) {
      if (name?.[2] !== "?") return null;
    } else if (name?.[1] !== undefined) {
      params[name[1]] = decoded(step);
    } else if (part !== step) {
      return null;
    }
  }
  return params;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody typed a lone %
  }
}

/**
 * An address of a view: `href("/mailings/{id}", { id }, { status: "sent" })`.
 * @param {string} path
 * @param {Record<string, string>} [params]
 * @param {Record<string, string | null | undefined>} [query] empty values are left out
 */
export function href(path, params = {}, query = {}) {
  const filled = path.replace(/\{(\w+)\??\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
  const pairs = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(/** @type {any} */ (pairs)).toString();
  return `#${filled.replace(/\/$/, "") || "/"}${text ? `?${text}` : ""}`;
}

/** The present address's hash; only a browser has one. */
export const here = createStore(globalThis.location?.hash ?? "");
globalThis.addEventListener?.("hashchange", () => here.set(location.hash));

/** Show another view. With `replace` the way back skips this one. @param {string} hash @param {{ replace?: boolean }} [options] */
export function navigate(hash, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, "", hash);
    here.set(hash);
  } else {
    location.hash = hash;
  }
}
