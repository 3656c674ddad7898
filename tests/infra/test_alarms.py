"""Each alarm of the template goes off when it should, is silent otherwise, and is over in the end.

Series of our own metrics are what the use cases and the real adapter print; those of AWS's metrics
are made up, under the names and dimensions that AWS documents.
"""

from collections.abc import Callable
from typing import Any

import pytest

from carillon.models.commands import Tick
from carillon.models.gateway import GatewayOutcome
from carillon.models.message import MessageStatus
from infra.assets import ROOT
from tests.fakes.gateway import OK
from tests.fakes.samples import a_mailing
from tests.infra.alarming import Alarm, Series, alarms
from tests.infra.log_filters import log_filters, report
from tests.infra.template import Template, target, text
from tests.measuring import Recorder, count, deliver
from tests.unit.usecases.replies import no_reply, reply
from tests.unit.usecases.stage import HOUR, MINUTE, NOW, Stage, running

RINGS = ["OK", "ALARM", "OK"]
PENDING, SENT, FAILED = MessageStatus.PENDING, MessageStatus.SENT, MessageStatus.FAILED


def name_of(template: Template, kind: str, part: str) -> str:
    """The dimension's value for a queue or a function, given by a part of its logical id."""
    [name] = [each for each in template.of_type(kind) if part in each]
    return f"{{{name}.QueueName}}" if "SQS" in kind else f"{{{name}}}"


class Minutes:
    """What happens in the functions in each minute of some time, as CloudWatch sees it."""

    def __init__(self) -> None:
        self.series = Series()
        self.minutes = 0

    def pass_by(
        self, number: int, happens: Callable[[Stage, Recorder], None] | None = None
    ) -> None:
        """So many minutes, in each of which it happens once, on a stage as new."""
        for _ in range(number):
            if happens:
                recorder = Recorder()
                happens(Stage(), recorder)
                self.series.take(recorder.lines, self.minutes * 60 + 30)
            self.minutes += 1

    def put(self, namespace: str, name: str, dimensions: dict[str, str], *values: float) -> None:
        """AWS emits a metric, one value a minute."""
        for value in values:
            self.series.put(namespace, name, dimensions, self.minutes * 60, value)
            self.minutes += 1

    def story(self, alarm: Alarm) -> list[str]:
        """What becomes of the alarm meanwhile."""
        return alarm.story(self.series, until_s=self.minutes * 60)


def calls(*answers: GatewayOutcome) -> Callable[[Stage, Recorder], None]:
    """A sender's batch whose calls end like this."""

    def happen(stage: Stage, recorder: Recorder) -> None:
        stage.put(running())
        with recorder.invocation("sender", stage):
            deliver(stage, answers)

    return happen


def tick(*mailings: Any, dead_letters: int = 0) -> Callable[[Stage, Recorder], None]:
    """The tick comes while there are these mailings, and so many dead letters."""

    def happen(stage: Stage, recorder: Recorder) -> None:
        stage.put(*mailings)
        stage.dead_letters.number = dead_letters
        with recorder.invocation("fanout", stage):
            stage.fanout.work(Tick(), stage.budget())

    return happen


def ended(**numbers: int) -> Callable[[Stage, Recorder], None]:
    """So many messages end in each status."""

    def happen(stage: Stage, recorder: Recorder) -> None:
        stage.put(running())
        moves = [
            (PENDING, MessageStatus(status))
            for status, number in numbers.items()
            for _ in range(number)
        ]
        with recorder.invocation("stats", stage):
            count(stage, *moves)

    return happen


def test_where_there_is_no_metric_math_the_plain_alarms_are_left(
    template: Template, passing_template: Template
) -> None:
    plain = {name for name, alarm in alarms(template).items() if "MetricName" in alarm.properties}
    assert set(alarms(passing_template)) == plain
    assert len(plain) == 9


def test_there_are_dead_letters(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(3, tick())
    minutes.pass_by(3, tick(dead_letters=1))
    minutes.pass_by(5, tick())
    assert minutes.story(alarms(template)["DeadLetters"]) == RINGS


def test_the_tick_counts_the_dead_letters_of_every_queue(template: Template) -> None:
    """Whatever is no work queue holds dead letters."""
    variables = template.functions()["fanout"]["Environment"]["Variables"]
    counted = {
        target(value)
        for name, value in variables.items()
        if name.endswith("_LETTERS_URL") or name == "UNDELIVERABLE_URL"
    }
    work = {
        target(each["EventSourceArn"])
        for each in template.event_sources().values()
        if "StartingPosition" not in each
    }
    assert counted == set(template.of_type("AWS::SQS::Queue")) - work
    assert len(counted) == 4


def test_the_gateway_refuses_our_token(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(3, calls(OK))
    minutes.pass_by(4, calls(reply(401), OK))
    minutes.pass_by(10, calls(OK))
    assert minutes.story(alarms(template)["TokenRefused"]) == RINGS


def test_a_token_that_was_changed_rings_no_bell(template: Template) -> None:
    """It is read again within a minute."""
    minutes = Minutes()
    minutes.pass_by(3, calls(OK))
    minutes.pass_by(2, calls(reply(401)))
    minutes.pass_by(10, calls(OK))
    assert minutes.story(alarms(template)["TokenRefused"]) == ["OK"]


DOWN = [
    no_reply("connect", handed_over=False),
    no_reply("timeout", handed_over=True),
    reply(503),
    reply(404),
]


@pytest.mark.parametrize("answer", DOWN, ids=["unreachable", "silent", "failing", "not there"])
def test_the_gateway_is_down(template: Template, answer: GatewayOutcome) -> None:
    """At first a batch fails; then the breaker is open, and most messages are spared."""
    stage, recorder = Stage(), Recorder()
    stage.measures = recorder.measures
    stage.put(running())
    sender = stage.whole_sender

    def batch(_: Stage, log: Recorder) -> None:
        with recorder.invocation("sender", stage):
            deliver(stage, [answer] * 20, sender=sender)
        log.lines += recorder.lines
        recorder.lines.clear()

    minutes = Minutes()
    minutes.pass_by(3, calls(*[OK] * 20))
    minutes.pass_by(6, batch)
    minutes.pass_by(8, calls(*[OK] * 20))
    assert minutes.story(alarms(template)["GatewayDown"]) == RINGS
    assert len(stage.calls.made) == 20, "from then on it was spared"


def test_a_gateway_in_trouble_is_not_down(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(10, calls(OK, *[reply(500)] * 15))
    assert minutes.story(alarms(template)["GatewayDown"]) == ["OK"]


def test_one_message_that_fails_all_the_time_is_no_gateway_that_is_down(
    template: Template,
) -> None:
    minutes = Minutes()
    minutes.pass_by(10, calls(reply(500)))
    assert minutes.story(alarms(template)["GatewayDown"]) == ["OK"]


def _looks(template: Template, minutes: Minutes, number: int) -> None:
    """The tick reads what is due, once in each of so many minutes, and finds nothing."""
    [table] = [each for each in template.of_type("AWS::DynamoDB::Table") if "Mailings" in each]
    index = {"TableName": f"{{{table}}}", "GlobalSecondaryIndexName": "due"}
    minutes.put("AWS/DynamoDB", "ConsumedReadCapacityUnits", index, *[0.5] * number)


def test_the_tick_stops(template: Template) -> None:
    """A new stack has not ticked yet, which looks the same for a minute or two."""
    minutes = Minutes()
    _looks(template, minutes, 10)
    minutes.pass_by(8)
    _looks(template, minutes, 3)
    assert minutes.story(alarms(template)["TickStopped"])[-3:] == RINGS


def test_a_tick_that_is_missed_is_no_stop(template: Template) -> None:
    minutes = Minutes()
    for _ in range(4):
        _looks(template, minutes, 3)
        minutes.pass_by(3)
    assert minutes.story(alarms(template)["TickStopped"])[-1:] == ["OK"]


def test_only_the_tick_reads_what_is_due(template: Template) -> None:
    """Else the reads of somebody else would stand for it: fan-out alone may."""
    may = {
        name
        for name in template.functions()
        for grant in template.grants_of(name)
        if any(text(each).endswith("/index/due") for each in grant.resources)
    }
    assert may == {"fanout"}
    sources = (ROOT / "layers/shared/python/carillon/usecases").glob("*.py")
    asking = [each.stem for each in sources if "mailings.due(" in each.read_text(encoding="utf-8")]
    assert asking == ["ticking"]


def test_a_mailing_is_past_its_end_and_not_settled(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(5, tick(running(ends_at=NOW - 14 * MINUTE)))
    minutes.pass_by(5, tick(running(ends_at=NOW - 16 * MINUTE)))
    minutes.pass_by(8, tick())
    assert minutes.story(alarms(template)["MailingOverdue"]) == RINGS


def test_the_oldest_message_is_too_old_while_a_mailing_runs(template: Template) -> None:
    minutes = Minutes()
    _wait(template, minutes, [60] * 3 + [1900] * 5 + [60] * 8, tick(running()))
    assert minutes.story(alarms(template)["OldestMessage"]) == RINGS


def test_what_is_left_in_the_queue_of_an_idle_stack_rings_no_bell(template: Template) -> None:
    idle = tick(a_mailing(starts_at=NOW + HOUR))
    minutes = Minutes()
    _wait(template, minutes, [5000] * 12, idle)
    assert minutes.story(alarms(template)["OldestMessage"]) == ["OK"]


def _wait(
    template: Template,
    minutes: Minutes,
    ages_s: list[int],
    meanwhile: Callable[[Stage, Recorder], None],
) -> None:
    [queue] = [
        each
        for each in template.of_type("AWS::SQS::Queue")
        if "QueuesMessage" in each and "Dead" not in each
    ]
    for age_s in ages_s:
        at_s = minutes.minutes * 60
        dimensions = {"QueueName": f"{{{queue}.QueueName}}"}
        minutes.series.put("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, at_s, age_s)
        minutes.pass_by(1, meanwhile)


def test_an_unusual_share_of_messages_fails(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(10, ended(sent=30, failed=3))
    minutes.pass_by(10, ended(sent=5, failed=3, unknown=2))
    minutes.pass_by(10, ended(sent=30, failed=3))
    assert minutes.story(alarms(template)["Failures"]) == RINGS


def test_a_few_failures_are_no_share(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(1, ended(sent=10))
    minutes.pass_by(9)
    minutes.pass_by(1, ended(failed=49))
    minutes.pass_by(19)
    assert minutes.story(alarms(template)["Failures"]) == ["OK"]


def test_what_expires_or_is_cancelled_is_no_failure(template: Template) -> None:
    minutes = Minutes()
    minutes.pass_by(20, ended(sent=10, expired=40, cancelled=40))
    assert minutes.story(alarms(template)["Failures"]) == ["OK"]


@pytest.mark.parametrize("status", ["error", "failure", "timeout"])
def test_any_function_fails(template: Template, status: str) -> None:
    """Of each function's log, the line that Lambda adds to an invocation that ended so."""
    groups = {target(each["LoggingConfig"]["LogGroup"]) for each in template.functions().values()}
    filters = log_filters(template)
    assert {each.group for each in filters} == groups
    for each in filters:
        minutes = Minutes()
        for ended in ["success"] * 5 + [status] + ["success"] * 24:
            lines = [report(ended), {"level": "ERROR", "message": "command failed"}]
            each.take(minutes.series, lines, at_s=minutes.minutes * 60)
            minutes.minutes += 1
        assert minutes.story(alarms(template)["FunctionErrors"]) == RINGS, each.group


def test_the_line_that_tells_of_failures_is_logged_at_any_level(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        for function in each.functions().values():
            assert function["LoggingConfig"]["LogFormat"] == "JSON"
            assert function["LoggingConfig"]["SystemLogLevel"] == "INFO"


def test_lambda_turns_invocations_away(template: Template) -> None:
    minutes = Minutes()
    minutes.put("AWS/Lambda", "Throttles", {}, *[0] * 5, *[0, 1, 0, 0, 0], *[0] * 20)
    assert minutes.story(alarms(template)["FunctionThrottles"]) == RINGS


@pytest.mark.parametrize("name", ["planner", "stats"])
def test_a_stream_grows_old(template: Template, name: str) -> None:
    minutes = Minutes()
    function = {"FunctionName": name_of(template, "AWS::Lambda::Function", name.capitalize())}
    ages_ms = [800] * 4 + [400_000] * 4 + [800] * 8
    minutes.put("AWS/Lambda", "IteratorAge", function, *ages_ms)
    assert minutes.story(alarms(template)[f"{name.capitalize()}Stream"]) == RINGS


def test_the_api_answers_with_errors(template: Template) -> None:
    [api] = template.of_type("AWS::ApiGatewayV2::Api")
    minutes = Minutes()
    minutes.put("AWS/ApiGateway", "5xx", {"ApiId": f"{{{api}}}"}, *[0] * 5, *[1] * 5, *[0] * 15)
    assert minutes.story(alarms(template)["ApiErrors"]) == RINGS


def test_where_nothing_happens_only_the_silence_of_the_tick_is_told(template: Template) -> None:
    idle = Minutes()
    idle.pass_by(60)
    stories = {name: idle.story(alarm) for name, alarm in alarms(template).items()}
    assert stories.pop("TickStopped") == ["ALARM"]
    assert set(map(tuple, stories.values())) == {("OK",)}
