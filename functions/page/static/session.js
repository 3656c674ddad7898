// Who is signed in, by authorization code with PKCE. Tokens live in this module's memory alone: a
// reload asks the provider again, which answers at once while its own session lasts. Only what the
// way there and back needs (verifier, state, where we were) is kept in the tab meanwhile.
import * as oauth from "oauth4webapi";
import { ApiError, Offline, SessionEnded } from "./faults.js";
import { createStore } from "./store.js";

/**
 * `starting`: about to know, or on the way to the provider. `signed_in`. `ended`: was signed in and
 * must sign in again; what is on the screen stays. `signed_out`: by hand. `impossible`: this
 * deployment has no client for pages. `failed`: the provider or we could not, see `error`.
 * @typedef {"starting" | "signed_in" | "ended" | "signed_out" | "impossible" | "failed"} Phase
 */
/** @typedef {{ phase: Phase, who: string | null, error: unknown }} State */
/** @typedef {import("./types.js").SignIn} Config */
/** @typedef {{ access: string, refresh: string | null, id: string | null, expiresAt: number }} Tokens */
/** @typedef {{ verifier: string, state: string, hash: string }} Pending */
/**
 * What it needs of a browser; tests bring their own.
 * @typedef {object} Browser
 * @property {() => URL} url
 * @property {(address: string) => void} leaveFor
 * @property {(address: string) => void} rewriteUrl
 * @property {{ read: (name: string) => string | null, write: (name: string, value: string | null) => void }} tab
 * @property {typeof fetch} fetch
 * @property {() => number} now
 * @property {(run: () => void, ms: number) => any} setTimer
 */

const PENDING = "carillon.signing-in";
const TRIES = "carillon.tries";
const SIGNED_OUT = "carillon.signed-out";

const TIMEOUT_MS = 15_000;
/** So often to the provider without coming back signed in; more would be a loop. */
const TRIES_MAX = 2;
/** A token is renewed this long before it ends, so that none ends on its way. */
const EARLY_MS = 60_000;
const RETRY_MS = 20_000;

export class Session {
  /** @param {Browser} browser */
  constructor(browser) {
    this.browser = browser;
    this.state = createStore(/** @type {State} */ ({ phase: "starting", who: null, error: null }));
    /** @type {Config | null} */
    this.config = null;
    /** @type {Tokens | null} */
    this.tokens = null;
    /** @type {Promise<string> | null} */
    this.renewing = null;
  }

  /** Come back from the provider, or go there; a page calls this once. */
  async start() {
    this.#tell("starting");
    try {
      this.config = await this.#readConfig();
      if (this.config.client_id === null) return this.#tell("impossible");
      const asked = this.#returned();
      if (asked) return await this.#exchange(asked.pending, asked.url);
      if (this.browser.tab.read(SIGNED_OUT) !== null) return this.#tell("signed_out");
      if (this.#tries() >= TRIES_MAX) throw new Error("the provider sent us back unsigned");
      await this.signIn();
    } catch (error) {
      this.browser.tab.write(TRIES, null); // the next try is a person's
      this.#tell("failed", error);
    }
  }

  /** Leave for the provider's page, to come back to where we are. */
  async signIn() {
    const { tab, url, leaveFor } = this.browser;
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const pending = { verifier, state, hash: url().hash };
    tab.write(PENDING, JSON.stringify(pending));
    tab.write(SIGNED_OUT, null);
    tab.write(TRIES, String(this.#tries() + 1));
    const asked = new URLSearchParams({
      response_type: "code",
      client_id: this.config?.client_id ?? "",
      redirect_uri: `${url().origin}/`,
      scope: ["openid", ...(this.config?.scopes ?? [])].join(" "),
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    leaveFor(`/auth/authorize?${asked}`);
  }

  /** Forget everything here, and have the provider forget its session if it can. */
  signOut() {
    const { tab, url, leaveFor } = this.browser;
    const hint = this.tokens?.id;
    this.tokens = null;
    tab.write(PENDING, null);
    tab.write(TRIES, null);
    tab.write(SIGNED_OUT, "yes");
    const home = `${url().origin}/`;
    this.browser.rewriteUrl("/");
    if (!this.config?.logout_url) return this.#tell("signed_out");
    const address = new URL(this.config.logout_url);
    // Cognito's names, and those of OpenID Connect RP-Initiated Logout.
    const told = {
      client_id: this.config.client_id,
      logout_uri: home,
      post_logout_redirect_uri: home,
    };
    for (const [name, value] of Object.entries(told)) address.searchParams.set(name, value ?? "");
    if (hint) address.searchParams.set("id_token_hint", hint);
    leaveFor(address.href);
  }

  /** A token that is good now. Rejects with `SessionEnded`, or `Offline` if it cannot be renewed yet. */
  async token() {
    if (this.tokens === null) throw new SessionEnded();
    if (this.tokens.expiresAt > this.browser.now()) return this.tokens.access;
    return this.renew(this.tokens.access);
  }

  /** Another token than the one that was refused; one request for all who ask at once. @param {string} refused */
  async renew(refused) {
    if (this.tokens === null) throw new SessionEnded();
    if (this.tokens.access !== refused) return this.tokens.access;
    this.renewing ??= this.#renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  async #renew() {
    const refresh = this.tokens?.refresh;
    if (!refresh) throw this.#end();
    const { server, client, options } = this.#oauth();
    try {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        oauth.None(),
        refresh,
        options,
      );
      if (response.status >= 500 || response.status === 429) throw new Offline("network");
      const answer = await oauth.processRefreshTokenResponse(server, client, response);
      if (this.tokens === null) throw new SessionEnded(); // signed out meanwhile
      this.#keep(answer, refresh);
      return answer.access_token;
    } catch (error) {
      if (error instanceof SessionEnded || error instanceof Offline) throw error;
      if (error instanceof TypeError || isTimeout(error)) throw new Offline("network");
      throw this.#end();
    }
  }

  /** @param {Pending} pending @param {URL} url */
  async #exchange(pending, url) {
    const { server, client, options } = this.#oauth();
    const answer = oauth.validateAuthResponse(server, client, url, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      answer,
      `${url.origin}/`,
      pending.verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    this.browser.tab.write(TRIES, null);
    this.#keep(tokens, null);
    const who = claims?.email ?? claims?.name ?? claims?.preferred_username ?? null;
    this.#tell("signed_in", null, typeof who === "string" ? who : null);
  }

  /** @param {oauth.TokenEndpointResponse} answer @param {string | null} refresh the one used, kept unless there is another */
  #keep(answer, refresh) {
    const lifeMs = (answer.expires_in ?? 3600) * 1000;
    const goodMs = lifeMs - Math.min(EARLY_MS, lifeMs / 2);
    this.tokens = {
      access: answer.access_token,
      refresh: answer.refresh_token ?? refresh,
      id: answer.id_token ?? this.tokens?.id ?? null,
      expiresAt: this.browser.now() + goodMs,
    };
    this.#renewIn(goodMs, this.tokens.access);
  }

  /** Ahead of time, so that no request waits for it. @param {number} ms @param {string} access */
  #renewIn(ms, access) {
    this.browser.setTimer(() => {
      this.renew(access).catch((error) => {
        if (error instanceof Offline) this.#renewIn(RETRY_MS, access);
      });
    }, ms);
  }

  #end() {
    this.tokens = null;
    this.#tell("ended", null, this.state.get().who);
    return new SessionEnded();
  }

  /** What the provider sent us back with, if it did and we had asked; the address is clean then. */
  #returned() {
    const { tab, url, rewriteUrl } = this.browser;
    const here = url();
    if (!here.searchParams.has("code") && !here.searchParams.has("error")) return null;
    const text = tab.read(PENDING);
    tab.write(PENDING, null);
    /** @type {Pending | null} */
    const pending = text === null ? null : JSON.parse(text);
    rewriteUrl(`/${pending?.hash ?? ""}`);
    return pending && { pending, url: here };
  }

  #tries() {
    return Number(this.browser.tab.read(TRIES) ?? 0);
  }

  /** @returns {Promise<Config>} */
  async #readConfig() {
    /** @type {Response} */
    let response;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      response = await this.browser.fetch("/auth/config", { signal });
    } catch (error) {
      throw new Offline(isTimeout(error) ? "timeout" : "network");
    }
    if (!response.ok) throw new ApiError({ status: response.status, type: "sign-in-unavailable" });
    return response.json();
  }

  /** The provider as pages see it: all goes through our own origin. */
  #oauth() {
    const { origin, protocol } = this.browser.url();
    const server = {
      issuer: this.config?.issuer ?? "",
      authorization_endpoint: `${origin}/auth/authorize`,
      token_endpoint: `${origin}/auth/token`,
    };
    const client = { client_id: this.config?.client_id ?? "" };
    const options = {
      [oauth.allowInsecureRequests]: protocol === "http:", // then so is the page itself
      [oauth.customFetch]: this.browser.fetch,
      signal: () => AbortSignal.timeout(TIMEOUT_MS),
    };
    return { server, client, options };
  }

  /** @param {Phase} phase @param {unknown} [error] @param {string | null} [who] */
  #tell(phase, error = null, who = null) {
    this.state.set({ phase, who, error });
  }
}

/** @param {unknown} error */
const isTimeout = (error) => error instanceof DOMException && error.name === "TimeoutError";
