import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSome, withHead } from "../../../functions/page/static/endless.js";
import { Poll } from "../../../functions/page/static/polling.js";

/** A poll whose answers and timers are in the test's hands. */
function stage() {
  const asked = [];
  const timers = [];
  const state = { hidden: false, changes: 0 };
  const load = (signal) =>
    new Promise((answer, fail) => {
      asked.push({ signal, answer, fail });
    });
  const poll = new Poll(load, {
    everyMs: 5_000,
    onChange: () => {
      state.changes += 1;
    },
    isHidden: () => state.hidden,
    setTimer: (run, ms) => timers.push({ run, ms }),
    clearTimer: () => {},
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, timers, state, poll, settled };
}

test("it asks again after the answer, never twice at once", async () => {
  const { asked, timers, poll, settled } = stage();
  poll.refresh();
  poll.refresh();
  assert.equal(asked.length, 1);
  asked[0].answer("one");
  await settled();
  assert.equal(asked.length, 2, "what was asked for meanwhile follows at once");
  asked[1].answer("two");
  await settled();
  assert.deepEqual(poll.seen, { data: "two", error: null, loading: false });
  assert.deepEqual(
    timers.map((each) => each.ms),
    [5_000],
  );
});

test("it asks more and more seldom while it fails, and keeps what it has", async () => {
  const { asked, timers, poll, settled } = stage();
  poll.refresh();
  asked[0].answer("good");
  await settled();
  for (let failure = 1; failure <= 5; failure += 1) {
    timers.at(-1).run();
    asked.at(-1).fail(new Error("down"));
    await settled();
  }
  assert.equal(poll.seen.data, "good");
  assert.equal(poll.seen.error.message, "down");
  assert.deepEqual(
    timers.map((each) => each.ms),
    [5_000, 10_000, 20_000, 40_000, 60_000, 60_000],
  );
  timers.at(-1).run();
  asked.at(-1).answer("better");
  await settled();
  assert.deepEqual(poll.seen, { data: "better", error: null, loading: false });
  assert.equal(timers.at(-1).ms, 5_000);
});

test("a hidden page asks seldom", async () => {
  const { asked, timers, state, poll, settled } = stage();
  state.hidden = true;
  poll.refresh();
  asked[0].answer("one");
  await settled();
  assert.equal(timers[0].ms, 60_000);
});

test("an answer that comes too late is not heeded", async () => {
  const { asked, timers, state, poll, settled } = stage();
  poll.refresh();
  poll.stop();
  assert.ok(asked[0].signal.aborted);
  asked[0].answer("stale");
  await settled();
  assert.equal(poll.seen.data, undefined);
  assert.deepEqual([state.changes, timers.length], [0, 0]);
});

test("what was stopped asks no more, whoever still refreshes it", async () => {
  const { asked, timers, poll, settled } = stage();
  poll.stop();
  poll.refresh();
  await settled();
  assert.deepEqual([asked.length, timers.length], [0, 0]);
});

const idOf = (item) => item;
const piece = (items, next_cursor) => ({ items, next_cursor });

test("a new reading takes the head's place and keeps what is beyond it", () => {
  const known = piece(["d", "c", "b", "a"], "more");
  assert.deepEqual(
    withHead(known, piece(["e", "d", "c"], "x"), idOf),
    piece(["e", "d", "c", "b", "a"], "more"),
  );
  assert.deepEqual(
    withHead(known, piece(["e", "d", "b"], "x"), idOf),
    piece(["e", "d", "b", "a"], "more"),
  );
});

test("a new reading that ends the list, or has nothing in common with it, is all there is", () => {
  const known = piece(["c", "b", "a"], "more");
  assert.deepEqual(withHead(known, piece(["c"], null), idOf), piece(["c"], null));
  assert.deepEqual(withHead(known, piece(["z", "y"], "x"), idOf), piece(["z", "y"], "x"));
  assert.deepEqual(withHead(known, piece(["c", "b", "a"], "x"), idOf), piece(["c", "b", "a"], "x"));
  assert.deepEqual(withHead(piece([], null), piece(["a"], "x"), idOf), piece(["a"], "x"));
});

test("empty pages are passed over while there is more", async () => {
  const pages = { null: piece([], "1"), 1: piece([], "2"), 2: piece(["a"], "3") };
  const load = async (cursor) => pages[String(cursor)];
  assert.deepEqual(await loadSome(load, null, 50, undefined), piece(["a"], "3"));
  const endless = async (cursor) => piece([], String(Number(cursor) + 1));
  assert.deepEqual((await loadSome(endless, null, 50, undefined)).next_cursor, "20");
});

test("how often it asks may follow from what it saw", async () => {
  const waits = [];
  const poll = new Poll(async () => answers.shift(), {
    everyMs: (data) => (data === "done" ? 0 : 2_000),
    onChange: () => {},
    isHidden: () => false,
    setTimer: (_, ms) => waits.push(ms),
    clearTimer: () => {},
  });
  const answers = ["busy", "done"];
  await poll.refresh();
  await poll.refresh();
  assert.deepEqual(waits, [2_000], "no timer any more once it is done");
});
