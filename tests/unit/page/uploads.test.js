import assert from "node:assert/strict";
import { test } from "node:test";
import { Offline } from "../../../functions/page/static/faults.js";
import { sendFile } from "../../../functions/page/static/uploads.js";

const TICKET = {
  method: "PUT",
  url: "https://bucket.example/x",
  headers: { "Content-Type": "text/csv" },
};

/** An XMLHttpRequest that does as it is told. */
class Request {
  upload = {};
  headers = {};
  open(method, url) {
    Object.assign(this, { method, url });
  }
  setRequestHeader(name, value) {
    this.headers[name] = value;
  }
  send(body) {
    this.body = body;
  }
  abort() {
    this.onabort();
  }
  answer(status) {
    this.status = status;
    this.onload();
  }
}

function sending() {
  const request = new Request();
  const stop = new AbortController();
  const loaded = [];
  const done = sendFile(TICKET, "the file", {
    onProgress: (bytes) => loaded.push(bytes),
    signal: stop.signal,
    make: () => request,
  });
  return { request, stop, loaded, done };
}

test("a file goes where the ticket says, with just its headers, and its progress is told", async () => {
  const { request, loaded, done } = sending();
  request.upload.onprogress({ loaded: 3 });
  request.answer(200);
  await done;
  const { method, url, headers, body } = request;
  assert.deepEqual({ method, url, headers, body }, { ...TICKET, body: "the file" });
  assert.deepEqual(loaded, [3]);
});

test("a file that is there already is there", async () => {
  const { request, done } = sending();
  request.answer(412);
  await done;
});

test("an upload that is too late is told from one that failed", async () => {
  const late = sending();
  late.request.answer(403);
  await assert.rejects(late.done, { kind: "upload-expired" });
  const failed = sending();
  failed.request.answer(503);
  await assert.rejects(failed.done, { status: 503, kind: "" });
});

test("a lost connection and a stop are what they are", async () => {
  const lost = sending();
  lost.request.onerror();
  await assert.rejects(lost.done, Offline);
  const stopped = sending();
  stopped.stop.abort();
  await assert.rejects(stopped.done, { name: "AbortError" });
});
