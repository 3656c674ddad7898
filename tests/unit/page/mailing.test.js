import assert from "node:assert/strict";
import { test } from "node:test";
import { errorWords, isSilence, kindOf } from "../../../functions/page/static/error-words.js";
import { language } from "../../../functions/page/static/language.js";
import { isAllowed, STATES } from "../../../functions/page/static/mailing/allowed.js";
import { pointsOf } from "../../../functions/page/static/mailing/minutes.js";
import { perMinute, secondsLeft } from "../../../functions/page/static/mailing/pace.js";
import errors from "../../../functions/page/static/words/errors.js";

const quiet = { sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0, retried: 0 };
const minute = (at, moves) => ({ ...quiet, minute: `2026-11-21T${at}:00Z`, ...moves });
const at = (time) => new Date(`2026-11-21T${time}Z`);

test("the pace is that of the last minutes, whatever became of the messages", () => {
  const timeline = [
    minute("11:00", { sent: 9_999 }),
    minute("11:58", { sent: 100, failed: 20 }),
    minute("12:00", { unknown: 30, retried: 500 }),
  ];
  assert.equal(perMinute(timeline, at("12:00:30")), 60);
});

test("no pace is told of a few seconds, none at all is zero", () => {
  assert.equal(perMinute([minute("12:00", { sent: 5 })], at("12:00:05")), null);
  assert.equal(perMinute([minute("11:00", { sent: 5 })], at("12:00:05")), 0);
  assert.equal(perMinute([], at("12:00:05")), 0);
  assert.equal(perMinute([minute("12:00", { retried: 5 })], at("12:00:30")), 0);
});

test("a pause before does not slow the pace down", () => {
  assert.equal(perMinute([minute("12:00", { sent: 30 })], at("12:00:30")), 60);
});

test("time left is what the pace makes of the rest", () => {
  assert.equal(secondsLeft(120, 60), 120);
  assert.equal(secondsLeft(120, 0), null);
  assert.equal(secondsLeft(120, null), null);
  assert.equal(secondsLeft(0, 60), null);
});

test("quiet minutes are points too, up to the present", () => {
  const timeline = [minute("12:00", { sent: 4 }), minute("12:02", { failed: 1, unknown: 2 })];
  const { step, points } = pointsOf(timeline, at("12:03:59"));
  assert.equal(step, 1);
  assert.deepEqual(
    points.map(({ sent, failed }) => [sent, failed]),
    [
      [4, 0],
      [0, 0],
      [0, 3],
      [0, 0],
    ],
  );
  assert.equal(points[0].at, at("12:00:00").getTime() / 1000);
  assert.equal(pointsOf(timeline, null).points.length, 3);
  assert.deepEqual(pointsOf([], at("12:00:00")).points, []);
});

test("a long mailing has fewer points than minutes, and the same messages per minute", () => {
  const timeline = [minute("00:00", { sent: 100 }), minute("23:59", { sent: 30 })];
  const { step, points } = pointsOf(timeline, null);
  assert.ok(points.length <= 120, `${points.length}`);
  assert.equal(points[0].sent, 100 / step);
  assert.equal(points.at(-1).sent, 30 / step);
});

test("nothing is allowed from the end on", () => {
  const mailing = { status: "running", ends_at: "2026-11-21T12:00:00Z" };
  const actions = Object.keys(STATES);
  const allowed = (now) => actions.filter((each) => isAllowed(each, mailing, now));
  assert.deepEqual(allowed(at("11:59:59")), ["pause", "cancel", "resend", "edit"]);
  assert.deepEqual(allowed(at("12:00:00")), []);
});

test("an error that nobody put into words stays as it is", () => {
  assert.deepEqual(errorWords("the moon is full"), {
    title: "the moon is full",
    todo: "",
    code: null,
  });
});

test("errors are told apart as the gateway's answers are", () => {
  const kinds = {
    "HTTP 400 with code 400": "refused",
    "HTTP 422": "refused",
    "HTTP 401 with code 401": "token",
    "HTTP 404": "address",
    "HTTP 429 with code 429": "tooMany",
    "HTTP 408": "busy",
    "HTTP 307": "moved",
    "HTTP 503": "broken",
    "HTTP 200 without a known code": "strange",
    "timeout while connecting": "unreachable",
    timeout: "timeout",
    "connection broken": "cut",
  };
  for (const [error, kind] of Object.entries(kinds)) assert.equal(kindOf(error), kind, error);
  assert.ok(isSilence("timeout") && isSilence("no connection") && !isSilence("HTTP 500"));
});

test("each kind of error has words and advice in both languages", () => {
  for (const spoken of ["en", "ru"]) {
    language.set(spoken);
    for (const key of Object.keys(errors)) assert.ok(errors[key][spoken].length > 10, key);
    const { title, todo, code } = errorWords("no connection");
    assert.ok(title && todo && title !== code);
  }
});
