import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ApiError, Offline, SessionEnded } from "../../../functions/page/static/faults.js";
import { language } from "../../../functions/page/static/language.js";
import { explain, fieldProblems } from "../../../functions/page/static/problems.js";

const problem = (status, kind, more = {}) =>
  new ApiError({ status, type: kind && `urn:problem-type:carillon:${kind}`, ...more });

beforeEach(() => language.set("en"));

test("a problem is explained by its kind, in the present language", () => {
  const error = problem(409, "phone-taken", { title: "Phone taken", detail: "another client…" });
  assert.equal(explain(error).title, "This number is taken");
  language.set("ru");
  assert.equal(explain(error).title, "Этот номер уже занят");
});

test("what AWS answers in its own words is explained by its status", () => {
  assert.equal(
    explain(problem(429, "", { title: "Too Many Requests" })).title,
    "Too many requests",
  );
  assert.equal(explain(problem(403, "", { title: "Forbidden" })).title, "You may not do that");
});

test("where the server's sentence says more, it is told", () => {
  const error = problem(409, "state-forbids", { detail: "only a paused mailing can be resumed" });
  assert.equal(explain(error).detail, "only a paused mailing can be resumed");
});

test("an unknown problem keeps the server's own words", () => {
  const error = problem(418, "teapot", { title: "Teapot", detail: "short and stout" });
  assert.deepEqual(explain(error), { title: "Teapot", detail: "short and stout", retry: true });
});

test("no answer and no session are problems like others", () => {
  assert.equal(explain(new Offline("network")).title, "No connection");
  assert.equal(explain(new SessionEnded()).retry, false);
  assert.equal(explain(new TypeError("x is undefined")).title, "Something went wrong here");
});

test("mistakes stand by their fields, in the present language where we know how", () => {
  const fields = [
    { field: "phone", message: "must be 7 and ten digits, for example 79000000001" },
    { field: "text", message: "must have at most 1000 characters" },
    { field: "odd", message: "is purple" },
  ];
  const error = problem(422, "invalid-value", { fields });
  assert.equal(fieldProblems(error).phone, fields[0].message);
  language.set("ru");
  assert.deepEqual(fieldProblems(error), {
    phone: "7 и ещё десять цифр, например 79000000001",
    text: "не больше 1000 символов",
    odd: "is purple",
  });
  assert.deepEqual(fieldProblems(new Error("x")), {});
});
