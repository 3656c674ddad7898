import assert from "node:assert/strict";
import { test } from "node:test";
import { language } from "../../../functions/page/static/language.js";
import { outlook, progressWords } from "../../../functions/page/static/mailing/progress-words.js";

process.env.TZ = "Europe/Moscow";
const NOW = new Date("2026-11-21T12:00:30Z");

/** What is seen of a mailing; whatever a case does not say is ordinary. */
function seen({
  status = "running",
  counts = {},
  timeline = [],
  down = null,
  troubled = null,
  ...more
} = {}) {
  const none = { pending: 0, sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 };
  const all = { ...none, ...counts };
  const total = Object.values(all).reduce((sum, each) => sum + each, 0);
  return {
    mailing: {
      status,
      starts_at: more.starts_at ?? "2026-11-21T11:00:00Z",
      ends_at: more.ends_at ?? "2026-11-21T15:00:00Z",
    },
    statistics: { counts: { ...all, total }, timeline, errors: more.errors ?? [] },
    gateway: gatewayOf(down, troubled),
    openings: more.openings ?? [],
    recipients: more.recipients ?? null,
  };
}

function gatewayOf(down, troubled) {
  if (down) return { status: "down", last_error: down };
  return troubled ? { status: "troubled", last_error: troubled } : null;
}

const minute = (at, moves) => ({
  minute: `2026-11-21T${at}:00Z`,
  ...{ sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0, retried: 0 },
  ...moves,
});
const quick = [minute("11:59", { sent: 600 }), minute("12:00", { sent: 640 })];
const retrying = [minute("11:59", { retried: 40 }), minute("12:00", { retried: 10 })];

const SITUATIONS = [
  [
    "planned, and nobody knows for whom",
    { status: "scheduled", starts_at: "2026-11-21T14:00:00Z" },
    "Planned: starts in 2 hours, at 17:00.",
  ],
  [
    "planned for tomorrow",
    { status: "scheduled", starts_at: "2026-11-22T12:00:30Z", recipients: 1200 },
    "Planned for 1,200 people: starts tomorrow, on 22 Nov, 15:00.",
  ],
  ["its start has come", { status: "scheduled" }, "Starting: clients are being chosen."],
  [
    "planned, but its end has passed",
    { status: "scheduled", ends_at: "2026-11-21T12:00:30Z" },
    "Its end has come: what is left is being closed.",
  ],
  ["no messages yet", {}, "Starting: clients are being chosen."],
  [
    "sending",
    { counts: { sent: 1240, pending: 2480 }, timeline: quick },
    "Sending: 1,240 of 3,720 sent, about 3 mins left.",
  ],
  [
    "sending for the last seconds",
    { counts: { sent: 1240, pending: 5 }, timeline: quick },
    "Sending: 1,240 of 1,245 sent, about 10 secs left.",
  ],
  ["too early to say", { counts: { pending: 5 } }, "Sending: 0 of 5 sent."],
  [
    "too slow for its end",
    { counts: { sent: 1240, pending: 500_000 }, timeline: quick },
    "Sending: 1,240 of 501,240 sent; the rest needs about 10 hrs 5 mins, but it ends at 18:00.",
  ],
  [
    "sending to some, others wait for their hours",
    { counts: { sent: 1240, pending: 90 }, timeline: quick, openings: ["2026-11-21T13:00:00Z"] },
    "Sending: 1,240 of 1,330 sent; the next local hours open at 16:00.",
  ],
  [
    "all wait for their hours",
    { counts: { sent: 1240, pending: 90 }, openings: ["2026-11-22T06:00:00Z"] },
    "Waits for local hours: 90 messages, next opening on 22 Nov, 09:00.",
  ],
  [
    "all wait for their hours, and others' outage does not matter to them",
    { counts: { pending: 90 }, openings: ["2026-11-21T13:00:00Z"], down: "timeout" },
    "Waits for local hours: 90 messages, next opening at 16:00.",
  ],
  [
    "the gateway is silent",
    { counts: { pending: 412 }, down: "timeout" },
    "The gateway does not answer: 412 messages wait and are tried again until 18:00.",
  ],
  [
    "the gateway answers with errors",
    { counts: { pending: 1 }, down: "HTTP 500", timeline: retrying },
    "The gateway takes nothing: 1 message waits and is tried again until 18:00.",
  ],
  [
    "only retries, while others fare better",
    { counts: { pending: 9 }, troubled: "no connection", timeline: retrying },
    "The gateway does not answer: 9 messages wait and are tried again until 18:00.",
  ],
  [
    "some trouble, but it goes on",
    { counts: { pending: 600, sent: 1240 }, troubled: "HTTP 500", timeline: quick },
    "Sending: 1,240 of 1,840 sent, about 50 secs left.",
  ],
  [
    "an outage, but nothing waits",
    { counts: { sent: 3 }, down: "timeout" },
    "All 3 messages are done; it finishes in a moment.",
  ],
  [
    "only retries",
    { counts: { pending: 7 }, timeline: retrying },
    "No progress: 7 messages are tried again until 18:00.",
  ],
  [
    "the first attempts have just failed",
    { counts: { pending: 7, failed: 2 }, errors: [{ error: "HTTP 500", messages: 3 }] },
    "No progress: 7 messages are tried again until 18:00.",
  ],
  [
    "what failed is over and done with",
    { counts: { pending: 7, failed: 2 }, errors: [{ error: "HTTP 400", messages: 2 }] },
    "Sending: 0 of 9 sent.",
  ],
  [
    "its end has come",
    { counts: { pending: 7 }, ends_at: "2026-11-21T12:00:00Z" },
    "Its end has come: what is left is being closed.",
  ],
  [
    "paused",
    { status: "paused", counts: { sent: 3, pending: 412 }, ends_at: "2026-11-23T15:00:00Z" },
    "Paused: nothing is sent, 412 messages wait. It still ends on 23 Nov, 18:00.",
  ],
  ["finished well", { status: "finished", counts: { sent: 5000 } }, "Finished: all 5,000 sent."],
  [
    "finished without anybody",
    { status: "finished" },
    "Finished: no client fitted the filter, so nothing was sent.",
  ],
  [
    "finished with failures, before its end",
    { status: "finished", counts: { sent: 7, failed: 2, unknown: 1 } },
    "Finished: 7 of 10 sent, 2 failed, 1 unknown. What was not sent can be sent again until 18:00.",
  ],
  [
    "finished by its end",
    { status: "finished", counts: { sent: 7, failed: 2, expired: 1 }, ends_at: NOW.toISOString() },
    "Finished: 7 of 10 sent, 2 failed, 1 expired.",
  ],
  [
    "being cancelled",
    { status: "cancelled", counts: { sent: 7, pending: 3 } },
    "Cancelled: 3 messages are being taken back.",
  ],
  [
    "cancelled on the way",
    { status: "cancelled", counts: { sent: 7, cancelled: 3 } },
    "Cancelled: 7 of 10 had been sent.",
  ],
  ["cancelled before all", { status: "cancelled" }, "Cancelled: nothing was sent."],
];

for (const [name, situation, sentence] of SITUATIONS) {
  test(`${name}: ${sentence}`, () => {
    language.set("en");
    assert.equal(progressWords(seen(situation), NOW).text, sentence);
  });
  test(`${name}: nothing is left open in Russian`, () => {
    language.set("ru");
    const { text } = progressWords(seen(situation), NOW);
    assert.match(text, /^[^a-z{}]+[.]$/);
  });
}

test("Russian counts as Russian does", () => {
  language.set("ru");
  const waits = (pending) =>
    progressWords(seen({ counts: { pending }, down: "timeout" }), NOW).text.split(",")[0];
  assert.deepEqual([1, 3, 412].map(waits), [
    "Шлюз не отвечает: 1 сообщение ждёт",
    "Шлюз не отвечает: 3 сообщения ждут",
    "Шлюз не отвечает: 412 сообщений ждут",
  ]);
});

test("nobody promises a time while it cannot be known", () => {
  const counts = { sent: 1240, pending: 1240 };
  const left = (more) => outlook(seen({ counts, timeline: quick, ...more }), NOW).left;
  assert.equal(left({}), 90);
  assert.equal(left({ status: "paused" }), null);
  assert.equal(left({ down: "timeout" }), null);
  assert.equal(left({ openings: ["2026-11-21T13:00:00Z"] }), null);
  assert.equal(left({ timeline: [] }), null);
  assert.equal(left({ ends_at: NOW.toISOString() }), null);
});
