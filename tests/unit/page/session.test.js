import assert from "node:assert/strict";
import { test } from "node:test";
import { Offline, SessionEnded } from "../../../functions/page/static/faults.js";
import { Session } from "../../../functions/page/static/session.js";

const CONFIG = {
  issuer: "https://id.test",
  authorize_url: "https://id.test/authorize",
  token_url: "https://id.test/token",
  logout_url: "https://id.test/logout",
  client_id: "pages",
  scopes: ["carillon/read", "carillon/write"],
};
const GRANTED = { access_token: "a1", token_type: "Bearer", expires_in: 3600, refresh_token: "r1" };

/** A browser in the test's hands, and what it was told to do. */
function browser(address, { config = CONFIG, tokens = [], kept = {} } = {}) {
  const seen = {
    left: [],
    rewritten: [],
    exchanged: [],
    timers: [],
    now: 0,
    url: new URL(address),
  };
  const json = (body, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  return {
    seen,
    kept,
    url: () => seen.url,
    leaveFor: (to) => seen.left.push(to),
    rewriteUrl: (to) => {
      seen.rewritten.push(to);
      seen.url = new URL(to, seen.url);
    },
    tab: {
      read: (name) => kept[name] ?? null,
      write: (name, value) => {
        if (value === null) delete kept[name];
        else kept[name] = value;
      },
    },
    fetch: async (to, init) => {
      if (String(to) === "/auth/config") {
        if (config instanceof Error) throw config;
        return typeof config === "number" ? json({}, config) : json(config);
      }
      assert.equal(String(to), "https://c.test/auth/token");
      seen.exchanged.push(Object.fromEntries(new URLSearchParams(String(init.body))));
      const answer = tokens.shift();
      if (answer instanceof Error) throw answer;
      return typeof answer === "number" ? json({}, answer) : json(answer, answer.error ? 400 : 200);
    },
    now: () => seen.now,
    setTimer: (run, ms) => seen.timers.push({ run, ms }),
  };
}

const phase = (session) => session.state.get().phase;

/** Signed in, having gone to the provider and come back. */
async function signedIn(...tokens) {
  const away = browser("https://c.test/#/clients/c1?x=1");
  await new Session(away).start();
  const state = new URL(away.seen.left[0], "https://c.test").searchParams.get("state");
  const back = browser(`https://c.test/?code=xyz&state=${state}`, {
    kept: away.kept,
    tokens: [GRANTED, ...tokens],
  });
  const session = new Session(back);
  await session.start();
  return { session, back };
}

test("a visit leads to the provider by our own address, with PKCE", async () => {
  const away = browser("https://c.test/#/mailings");
  const session = new Session(away);
  await session.start();

  const [to] = away.seen.left;
  const asked = new URL(to, "https://c.test");
  assert.equal(asked.pathname, "/auth/authorize");
  assert.equal(asked.searchParams.get("redirect_uri"), "https://c.test/");
  assert.equal(asked.searchParams.get("client_id"), "pages");
  assert.equal(asked.searchParams.get("scope"), "openid carillon/read carillon/write");
  assert.equal(asked.searchParams.get("code_challenge_method"), "S256");
  assert.equal(asked.searchParams.get("code_challenge").length, 43);
  assert.equal(phase(session), "starting");
});

test("back from the provider the code is exchanged, and the view is the one that was left", async () => {
  const { session, back } = await signedIn();

  assert.equal(phase(session), "signed_in");
  assert.deepEqual(back.seen.rewritten, ["/#/clients/c1?x=1"]);
  assert.equal(back.seen.exchanged[0].code, "xyz");
  assert.equal(back.seen.exchanged[0].redirect_uri, "https://c.test/");
  assert.ok(back.seen.exchanged[0].code_verifier.length >= 43);
  assert.equal(await session.token(), "a1");
  assert.deepEqual(back.kept, {}, "nothing of it stays in the tab");
});

test("an answer that we did not ask for begins anew", async () => {
  const stranger = browser("https://c.test/?code=evil&state=theirs");
  const session = new Session(stranger);
  await session.start();
  assert.equal(stranger.seen.exchanged.length, 0);
  assert.equal(stranger.seen.left.length, 1);
});

test("an answer with another state is refused", async () => {
  const away = browser("https://c.test/");
  await new Session(away).start();
  const back = browser("https://c.test/?code=xyz&state=other", { kept: away.kept });
  const session = new Session(back);
  await session.start();
  assert.equal(phase(session), "failed");
  assert.equal(back.seen.exchanged.length, 0);
});

test("a provider that sends back without signing in is not asked for ever", async () => {
  const kept = {};
  for (const expected of ["starting", "starting", "failed"]) {
    const session = new Session(browser("https://c.test/", { kept }));
    await session.start();
    assert.equal(phase(session), expected);
  }
});

test("without a provider there is an error and no redirect", async () => {
  for (const config of [new TypeError("down"), 503]) {
    const down = browser("https://c.test/", { config });
    const session = new Session(down);
    await session.start();
    assert.equal(phase(session), "failed");
    assert.deepEqual(down.seen.left, []);
  }
});

test("without a client for pages nobody is sent anywhere", async () => {
  const none = browser("https://c.test/", { config: { ...CONFIG, client_id: null } });
  const session = new Session(none);
  await session.start();
  assert.equal(phase(session), "impossible");
  assert.deepEqual(none.seen.left, []);
});

test("a token is renewed before its end, once for all who ask", async () => {
  const { session, back } = await signedIn({ ...GRANTED, access_token: "a2", refresh_token: "r2" });
  assert.equal(back.seen.timers[0].ms, 3_540_000);
  back.seen.now = 3_600_000;

  assert.deepEqual(await Promise.all([session.token(), session.token()]), ["a2", "a2"]);
  assert.equal(back.seen.exchanged.length, 2);
  assert.equal(back.seen.exchanged[1].refresh_token, "r1");
  assert.equal(await session.renew("a1"), "a2", "who comes late with the old one gets the new one");
  assert.equal(back.seen.exchanged.length, 2);
});

test("a provider that keeps its refresh token is asked with it again", async () => {
  const { refresh_token: _, ...without } = GRANTED;
  const { session, back } = await signedIn({ ...without, access_token: "a2" }, GRANTED);
  await session.renew("a1");
  await session.renew("a2");
  assert.equal(back.seen.exchanged[2].refresh_token, "r1");
});

test("a refused renewal ends the session and nothing else", async () => {
  const { session } = await signedIn({ error: "invalid_grant" });
  await assert.rejects(session.renew("a1"), SessionEnded);
  assert.equal(phase(session), "ended");
  await assert.rejects(session.token(), SessionEnded);
});

test("a provider in trouble does not end the session", async () => {
  for (const trouble of [503, 429, new TypeError("down")]) {
    const { session } = await signedIn(trouble, { ...GRANTED, access_token: "a2" });
    await assert.rejects(session.renew("a1"), Offline);
    assert.equal(phase(session), "signed_in");
    assert.equal(await session.renew("a1"), "a2");
  }
});

test("a renewal ahead of time that fails is tried again soon", async () => {
  const { back } = await signedIn(503);
  const [first] = back.seen.timers;
  first.run();
  for (let turn = 0; turn < 20 && back.seen.timers.length < 2; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(back.seen.timers[1].ms, 20_000);
});

test("signing out forgets all and tells the provider; the next visit waits for a hand", async () => {
  const { session, back } = await signedIn();
  session.signOut();
  const to = new URL(back.seen.left[0]);
  assert.equal(`${to.origin}${to.pathname}`, "https://id.test/logout");
  assert.equal(to.searchParams.get("client_id"), "pages");
  assert.equal(to.searchParams.get("logout_uri"), "https://c.test/");
  await assert.rejects(session.token(), SessionEnded);

  const next = browser("https://c.test/", { kept: back.kept });
  const again = new Session(next);
  await again.start();
  assert.equal(phase(again), "signed_out");
  assert.deepEqual(next.seen.left, []);
  await again.signIn();
  assert.equal(next.seen.left.length, 1);
});
