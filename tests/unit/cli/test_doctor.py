"""Each check, with something wrong."""

import base64
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
import requests

from cli.doctoring import (
    account_checks,
    api_checks,
    counter_checks,
    gateway_checks,
    queue_checks,
    schedule_checks,
)
from cli.doctoring.findings import Finding, State, examine
from cli.errors import Misused
from tests.unit.cli.stage import NOW, URL, FakeAws, Stage, counts, mailing, page, patient

OK, WARNING, PROBLEM = State.OK, State.WARNING, State.PROBLEM
DATE = "Sat, 21 Nov 2026 10:00:00 GMT"
WELL = {
    "status": "well",
    "last_error": None,
    "last_error_at": None,
    "minutes": [{"p95_ms": 90}],
}
SENDER = {
    "Environment": {"Variables": {"GATEWAY_URL": "https://gw.test/v1", "RETENTION_DAYS": "30"}}
}


class Lambda:
    def __init__(self, **some: Any) -> None:
        self.configuration = {"FunctionName": "f", "State": "Active", **SENDER, **some}
        self.reserved: dict[str, int] = {}
        self.sources = [{"State": "Enabled"}]

    def get_function_configuration(self, **_asked: str) -> Any:
        return self.configuration

    def get_function_concurrency(self, **_asked: str) -> Any:
        return self.reserved

    def list_event_source_mappings(self, **_asked: str) -> Any:
        return {"EventSourceMappings": self.sources}


class Scheduler:
    def __init__(self, *names: str, tick: str = "ENABLED") -> None:
        self.schedules = [{"Name": "Carillon-Tick", "State": tick}]
        self.schedules += [{"Name": name, "State": "ENABLED"} for name in names]

    def list_schedules(self, **asked: str) -> Any:
        prefix = asked.get("NamePrefix", "")
        return {"Schedules": [s for s in self.schedules if s["Name"].startswith(prefix)]}


class Secrets:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def get_secret_value(self, **_asked: str) -> Any:
        return {"SecretString": self.secret}


class Alarms:
    def __init__(self, *states: str) -> None:
        self.pages = [
            {"MetricAlarms": [{"AlarmName": "Carillon-A", "StateValue": state}], "NextToken": "x"}
            for state in states
        ]
        self.pages.append({"MetricAlarms": []})

    def describe_alarms(self, **asked: str) -> Any:
        assert asked["AlarmNamePrefix"] == "Carillon-"
        return self.pages.pop(0)


def jwt(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.c2ln"


def states(findings: Iterable[Finding]) -> list[tuple[State, str]]:
    return [(each.state, each.check) for each in findings]


def account(**services: Any) -> FakeAws:
    outputs = {
        "SenderFunction": "f",
        "GatewaySecretArn": "s",
        "ScheduleGroup": "g",
    }
    return FakeAws(outputs, **({"lambda": Lambda()} | services))


def test_the_api_is_well() -> None:
    found = api_checks.answers(patient({"GET /health": (200, {}, {"Date": DATE})}))
    assert states(found) == [(OK, "API"), (OK, "clock")]


def test_the_api_is_silent() -> None:
    found = api_checks.answers(patient({"GET /health": requests.ConnectionError()}))
    assert states(found) == [(PROBLEM, "API")]


def test_the_api_cannot_read_its_tables() -> None:
    found = api_checks.answers(patient({"GET /health": (503, {}, {"Date": DATE})}))
    assert states(found)[0] == (PROBLEM, "API")


@pytest.mark.parametrize(
    ("by_s", "state"), [(0.5, OK), (-20, WARNING), (30, WARNING), (90, PROBLEM), (-90, PROBLEM)]
)
def test_the_clocks_differ(by_s: float, state: State) -> None:
    assert api_checks.clocks(DATE, NOW + timedelta(seconds=by_s)).state is state
    assert api_checks.clocks(None, NOW).state is WARNING


def test_the_token_is_refused() -> None:
    [found] = api_checks.sign_in(patient({"GET /api/v1/mailings": (401, {"message": "no"})}))
    assert found.state is PROBLEM


@pytest.mark.parametrize(
    ("scope", "state"), [("carillon/read", WARNING), ("carillon/read carillon/write", OK)]
)
def test_the_token_permits_reading_only(scope: str, state: State) -> None:
    answers = {"GET /api/v1/mailings": page([])}
    [found] = api_checks.sign_in(patient(answers, token=jwt(scope=scope)))
    assert found.state is state


@pytest.mark.parametrize(("status", "state"), [("down", PROBLEM), ("well", WARNING)])
def test_the_gateway_cannot_be_reached(status: str, state: State) -> None:
    def refuse(host: str, port: int, *, tls: bool) -> None:
        assert (host, port, tls) == ("gw.test", 443, True)
        raise OSError("refused")

    answers = {"GET /api/v1/gateway": (200, {**WELL, "status": status})}
    [found] = gateway_checks.reachable(patient(answers, aws=account(), connect=refuse))
    assert found.state is state
    [found] = gateway_checks.reachable(patient(answers, aws=account()))
    assert found.state is OK


@pytest.mark.parametrize(
    ("status", "state"), [("down", PROBLEM), ("troubled", WARNING), ("idle", OK), ("well", OK)]
)
def test_the_gateways_calls_fail(status: str, state: State) -> None:
    answers = {"GET /api/v1/gateway": (200, {**WELL, "status": status})}
    [found] = gateway_checks.calls(patient(answers))
    assert found.state is state


@pytest.mark.parametrize(
    ("error", "secret", "state"),
    [
        ("HTTP 401 with code 401", jwt(), PROBLEM),
        ("HTTP 403", jwt(), PROBLEM),
        ("HTTP 4010", jwt(), OK),
        (None, jwt(exp=NOW.timestamp() - 1), PROBLEM),
        (None, jwt(exp=NOW.timestamp() + 86_400), WARNING),
        (None, jwt(exp=NOW.timestamp() + 30 * 86_400), OK),
        (None, "JustAWord", WARNING),
        ("HTTP 500", jwt(sub="x"), OK),
    ],
)
def test_the_gateway_does_not_take_our_token(error: str | None, secret: str, state: State) -> None:
    answers = {"GET /api/v1/gateway": (200, {**WELL, "status": "down", "last_error": error})}
    aws = account(secretsmanager=Secrets(secret))
    [found] = gateway_checks.token(patient(answers, aws=aws))
    assert found.state is state
    assert secret not in found.what + found.do


def test_a_refusal_that_is_over_is_forgiven() -> None:
    answers = {"GET /api/v1/gateway": (200, {**WELL, "last_error": "HTTP 401"})}
    [found] = gateway_checks.token(patient(answers, aws=account(secretsmanager=Secrets(jwt()))))
    assert found.state is OK


def _queues(ready: int = 0, **dead: int) -> Any:
    lengths = {name: {"ready": 0} for name in ("fanout", "imports")}
    names = ("messages", "fanout", "imports", "undeliverable")
    letters = {name: dead.get(name, 0) for name in names}
    return 200, {"messages": {"ready": ready}, **lengths, "dead_letters": letters}


def test_there_are_dead_letters() -> None:
    [found] = queue_checks.dead_letters(patient({"GET /api/v1/queues": _queues(undeliverable=3)}))
    assert (found.state, found.what) == (PROBLEM, "given up: 3 of undeliverable")
    [found] = queue_checks.dead_letters(patient({"GET /api/v1/queues": _queues()}))
    assert found.state is OK


@pytest.mark.parametrize(("ready", "running", "state"), [(5, 0, WARNING), (5, 1, OK), (0, 0, OK)])
def test_messages_wait_for_nobody(ready: int, running: int, state: State) -> None:
    answers = {
        "GET /api/v1/queues": _queues(ready),
        "GET /api/v1/mailings": page([mailing()] * running),
    }
    [found] = queue_checks.waiting(patient(answers))
    assert found.state is state


def test_the_tick_is_disabled() -> None:
    for tick, state in (("DISABLED", PROBLEM), ("ENABLED", OK)):
        aws = account(scheduler=Scheduler("m1-end-20261121T180000000000", tick=tick))
        [found] = schedule_checks.tick(patient({}, aws=aws))
        assert found.state is state


def _mailings(*there: Any) -> Any:
    return lambda asked: page([m for m in there if m["status"] == asked.query["status"]])


def test_a_schedule_is_missing_and_one_is_left() -> None:
    planned = mailing(id="m2", status="scheduled", starts_at="2026-11-21T12:00:00.000Z")
    answers: dict[str, Any] = {"GET /api/v1/mailings": _mailings(mailing(), planned)}
    there = ["m1-end-20261121T180000000000", "m2-end-20261121T180000000000"]

    aws = account(scheduler=Scheduler(*there, "m2-start-20261121T120000000000"))
    assert states(schedule_checks.match(patient(answers, aws=aws))) == [(OK, "schedules")]

    aws = account(scheduler=Scheduler(*there))
    [found] = schedule_checks.match(patient(answers, aws=aws))
    assert (found.state, "m2-start-20261121T120000" in found.what) == (WARNING, True)

    gone = Scheduler(*there, "m2-start-20261121T120000000000", "old-end-20261121T180000000000")
    [found] = schedule_checks.match(patient(answers, aws=account(scheduler=gone)))
    assert (found.state, "old" in found.what) == (WARNING, True)


def test_a_time_that_is_near_waits_in_the_queue() -> None:
    near = mailing(ends_at="2026-11-21T10:02:00.000Z")
    assert schedule_checks.expected(near, NOW) == []
    assert schedule_checks.expected(mailing(updated_at="2026-11-21T09:59:55.000Z"), NOW) == []


def _counted(told: Any, *, status: str = "finished", found: int = 2) -> dict[str, Any]:
    return {
        "GET /api/v1/stats": page([{"mailing_id": "m1", "status": status, "counts": told}]),
        "GET /api/v1/mailings/m1": (200, mailing(status=status)),
        "GET /api/v1/mailings/m1/stats": (200, {"counts": told}),
        "GET /api/v1/mailings/m1/messages": page([{"status": "sent"}] * found),
    }


def test_counters_differ_from_the_messages() -> None:
    [found] = counter_checks.match(patient(_counted(counts(sent=2)), aws=account()))
    assert found.state is OK
    [found] = counter_checks.match(patient(_counted(counts(sent=3)), aws=account()))
    assert (found.state, "sent +1" in found.what) == (PROBLEM, True)


def test_of_a_mailing_in_motion_nothing_is_said() -> None:
    moving: list[Any] = [(200, {"counts": counts(sent=n)}) for n in range(10)]
    answers = _counted(counts(sent=3)) | {"GET /api/v1/mailings/m1/stats": moving}
    [found] = counter_checks.match(patient(answers, aws=account()))
    assert (found.state, "1 not counted" in found.what) == (OK, True)


def test_messages_that_may_be_gone_are_not_missed() -> None:
    later = NOW + timedelta(days=31)
    [found] = counter_checks.match(patient(_counted(counts(sent=3)), aws=account(), now=later))
    assert found.state is OK


@pytest.mark.parametrize(("sent", "state"), [(0, OK), (-2, PROBLEM)])
def test_a_recount_finds_a_difference(sent: int, state: State) -> None:
    path, begun = "/api/v1/mailings/m1/recount", {"number": 4, "status": "running"}
    done = {"number": 4, "status": "finished", "difference": {"total": sent, "sent": sent}}
    answers = _counted(counts(sent=2)) | {
        f"POST {path}": (202, begun),
        f"GET {path}s/4": [(200, begun), (200, done)],
    }
    [found] = counter_checks.match(patient(answers, recount=True))
    assert found.state is state


@pytest.mark.parametrize(
    "break_",
    [
        lambda f: f.configuration.update(State="Failed"),
        lambda f: f.configuration.update(LastUpdateStatus="Failed"),
        lambda f: f.reserved.update(ReservedConcurrentExecutions=0),
        lambda f: f.sources.clear(),
        lambda f: f.sources[0].update(State="Disabled"),
    ],
    ids=["state", "update", "concurrency", "no source", "source"],
)
def test_a_function_is_switched_off(break_: Callable[[Lambda], None]) -> None:
    function = Lambda()
    aws = account(**{"lambda": function})
    assert states(account_checks.functions(patient({}, aws=aws))) == [(OK, "functions")]
    break_(function)
    assert states(account_checks.functions(patient({}, aws=aws))) == [(PROBLEM, "functions")]


@pytest.mark.parametrize(("url", "state"), [(f"{URL}/", OK), ("https://x.test/", WARNING)])
def test_the_account_is_another_deployments(url: str, state: State) -> None:
    found = account_checks.stack(patient({}, aws=FakeAws({"ApiUrl": url})))
    assert states(found) == [(state, "stack")]


@pytest.mark.parametrize(
    ("rings", "state"), [(["OK", "ALARM"], PROBLEM), (["OK"], OK), ([], WARNING)]
)
def test_an_alarm_rings(rings: list[str], state: State) -> None:
    aws = account(cloudwatch=Alarms(*rings))
    assert states(account_checks.alarms(patient({}, aws=aws))) == [(state, "alarms")]


def test_what_cannot_be_looked_at_is_a_warning() -> None:
    def fail(_patient: Any) -> Iterable[Finding]:
        raise Misused("No AWS region is set.", "--region")

    [found] = examine(patient({}), [("alarms", fail)])
    assert (found.state, found.check, found.do) == (WARNING, "alarms", "--region")


def test_a_silent_deployment_is_one_problem_and_exit_code_one(
    staged: Callable[..., Stage], capsys: pytest.CaptureFixture[str]
) -> None:
    stage = staged({"GET /health": requests.ConnectionError()})
    assert stage.run("doctor", "--json") == 1
    first, *_ = capsys.readouterr().out.splitlines()
    assert json.loads(first)["state"] == "problem"
