import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, address, createKeys, nextPage } from "../../../functions/page/static/api.js";
import { ApiError, Offline, SessionEnded } from "../../../functions/page/static/faults.js";

/** A server that gives these answers in turn, and what it was asked. */
function server(...answers) {
  const asked = [];
  const send = async (url, init) => {
    asked.push({ url, ...init, headers: Object.fromEntries(init.headers) });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, send };
}

function tokens() {
  const renewed = [];
  return {
    renewed,
    token: async () => "old",
    renew: async (refused) => {
      renewed.push(refused);
      return "new";
    },
  };
}

const json = (body, init) => new Response(JSON.stringify(body), init);

test("a request carries the token and what was asked", async () => {
  const { asked, send } = server(json({ id: "m1" }, { status: 201, headers: { Location: "/x" } }));
  const api = new Api(tokens(), send);
  const options = {
    body: { text: "Hi" },
    key: "k1",
    version: 3,
    query: { a: "ü", b: "", c: null },
  };
  const answer = await api.send("POST", "/mailings", options);

  assert.deepEqual(answer, { status: 201, body: { id: "m1" }, location: "/x" });
  assert.equal(asked[0].url, "/api/v1/mailings?a=%C3%BC");
  assert.equal(asked[0].body, '{"text":"Hi"}');
  assert.deepEqual(asked[0].headers, {
    authorization: "Bearer old",
    "content-type": "application/json",
    "idempotency-key": "k1",
    "if-match": '"3"',
  });
});

test("an answer without a body is none", async () => {
  const { send } = server(new Response(null, { status: 204 }));
  assert.equal((await new Api(tokens(), send).send("DELETE", "/clients/c1")).body, null);
});

test("a refused token is renewed once, and the request made again", async () => {
  const refused = () => json({ message: "Unauthorized" }, { status: 401 });
  const held = tokens();
  const { asked, send } = server(refused(), json({ ok: 1 }), refused(), refused());
  const api = new Api(held, send);

  assert.deepEqual(await api.get("/stats"), { ok: 1 });
  assert.deepEqual(held.renewed, ["old"]);
  assert.equal(asked[1].headers.authorization, "Bearer new");
  await assert.rejects(api.get("/stats"), { status: 401, title: "Unauthorized" });
  assert.equal(asked.length, 4);
});

test("an ended session is told as it is", async () => {
  const ended = async () => {
    throw new SessionEnded();
  };
  const { send } = server(json({}, { status: 401 }));
  await assert.rejects(new Api({ ...tokens(), renew: ended }, send).get("/x"), SessionEnded);
});

test("problems keep what the API says of them", async () => {
  const problem = {
    type: "urn:problem-type:carillon:invalid-value",
    title: "Invalid value",
    status: 422,
    detail: "phone: is required",
    errors: [{ field: "phone", message: "is required" }],
  };
  const { send } = server(json(problem, { status: 422, headers: { "Retry-After": "2" } }));
  const error = await new Api(tokens(), send).get("/x").catch((thrown) => thrown);

  assert.ok(error instanceof ApiError);
  assert.deepEqual(
    [error.status, error.kind, error.title, error.detail, error.retryAfterS],
    [422, "invalid-value", "Invalid value", "phone: is required", 2],
  );
  assert.deepEqual(error.fields, problem.errors);
});

test("what answers in its own way is an error with its status", async () => {
  const { send } = server(new Response("<html>", { status: 502 }));
  await assert.rejects(new Api(tokens(), send).get("/x"), { status: 502, kind: "" });
});

test("no answer is being offline, unless nobody wanted it any more", async () => {
  const { send } = server(new TypeError("Failed to fetch"), new DOMException("", "AbortError"));
  const api = new Api(tokens(), send);
  await assert.rejects(api.get("/x"), Offline);
  await assert.rejects(api.get("/x"), { name: "AbortError" });
});

test("a CSV is followed from page to page", async () => {
  const link = '</api/v1/clients/export?cursor=2>; rel="next"';
  const page = (text, headers) => {
    const answer = new Response(text, { headers });
    Object.defineProperty(answer, "url", { value: "https://c.test/api/v1/clients/export" });
    return answer;
  };
  const { asked, send } = server(
    page("phone\r\n1\r\n", { Link: link }),
    page("", { Link: link }),
    page("2\r\n"),
  );
  const pages = [];
  for await (const each of new Api(tokens(), send).csvPages("/clients/export")) pages.push(each);

  assert.deepEqual(pages, [
    { text: "phone\r\n1\r\n", rows: 2 },
    { text: "", rows: 0 },
    { text: "2\r\n", rows: 1 },
  ]);
  assert.equal(asked[2].url, "https://c.test/api/v1/clients/export?cursor=2");
});

test("the next page may be written in any way that RFC 8288 has", () => {
  const from = "https://c.test/api/v1/x";
  assert.equal(nextPage('<?cursor=a>; rel="next"', from), "https://c.test/api/v1/x?cursor=a");
  assert.equal(nextPage("</y>; rel=prev, </z>; rel=next", from), "https://c.test/z");
  assert.equal(nextPage('</y>; rel="prev"', from), null);
  assert.equal(nextPage(null, from), null);
});

test("a form's key lasts as long as what it sends", () => {
  const keys = createKeys();
  const first = keys.of({ text: "a" });
  assert.equal(keys.of({ text: "a" }), first);
  assert.notEqual(keys.of({ text: "b" }), first);
  const second = keys.of({ text: "b" });
  keys.done();
  assert.notEqual(keys.of({ text: "b" }), second);
});

test("addresses keep zero and false", () => {
  assert.equal(address("/x", { a: 0, b: false, c: undefined }), "/api/v1/x?a=0&b=false");
});
