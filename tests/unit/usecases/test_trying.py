"""Trials in the sender: one call at most, whatever is delivered twice, lost or late."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from carillon.errors import LostRace
from carillon.models.commands import TrialBell
from carillon.models.gateway import GatewayCall, GatewayOutcome, Reply
from carillon.models.instant import format_instant
from carillon.models.mailing import MailingStatus, TimeWindow
from carillon.models.message import gateway_id
from carillon.models.pace import PaceState
from carillon.models.records import Record, TrialRing
from carillon.models.trial import Trial, TrialStatus
from carillon.policy.breaker import FAILURES_TO_OPEN
from carillon.policy.fuse import WINDOW
from carillon.policy.trials import as_of
from carillon.usecases.sending import Sender
from tests.fakes.gateway import OK
from tests.fakes.samples import a_mailing, a_message, a_trial
from tests.fakes.system import SOME_REQUEST
from tests.unit.usecases.logged import lines
from tests.unit.usecases.replies import no_reply, reply
from tests.unit.usecases.stage import (
    HOUR,
    NOW,
    SECOND,
    Stage,
    after,
    before,
    doorbell,
    once,
    outage,
    running,
    second,
    with_messages,
)

BELL = TrialBell(mailing_id="m0000001", test_id="t0000001")
IDS = {"mailing_id": "m0000001", "test_id": "t0000001"}


def on_stage(*trials: Trial, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(a_mailing(**fields))
    for each in trials or (a_trial(),):
        stage.trials.by_key[each.mailing_id, each.id] = each
    return stage


def ring(number: int = 1, receives: int = 1) -> TrialRing:
    bell = TrialBell(mailing_id="m0000001", test_id=f"t{number:07d}")
    return Record(f"r{number}", f"receipt-{number}", receives, bell)


def work(stage: Stage, *rings: TrialRing, sender: Sender | None = None) -> list[str]:
    return (sender or stage.whole_sender).work(rings or [ring()], stage.budget(60))


def trial(stage: Stage, number: int = 1) -> Trial:
    return stage.trials.by_key["m0000001", f"t{number:07d}"]


def rung(stage: Stage) -> list[tuple[str, timedelta]]:
    return [(each.value.test_id, each.at - NOW) for each in stage.trial_bells.queued]


def test_it_is_sent_with_its_own_text_and_phone() -> None:
    stage = on_stage(text="Changed since")
    assert work(stage) == []
    assert stage.calls.made == [
        GatewayCall(gateway_id("m0000001-t0000001"), phone="79030000001", text="Привет!")
    ]
    [planned] = stage.calls.planned
    assert planned.not_before == NOW
    assert planned.begin_by == NOW + SECOND
    assert planned.until == NOW + 10 * SECOND
    ended = trial(stage)
    assert (ended.status, ended.attempts, ended.sent_at) == (TrialStatus.SENT, 1, NOW)
    assert not stage.trial_bells.queued


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (reply(400), TrialStatus.FAILED, "HTTP 400"),
        (reply(503), TrialStatus.UNKNOWN, "HTTP 503"),
        (no_reply("dns", handed_over=False), TrialStatus.FAILED, "name not found"),
    ],
)
def test_a_failure_is_not_tried_again(
    answer: GatewayOutcome, status: TrialStatus, error: str
) -> None:
    stage = on_stage()
    stage.calls.script = lambda _: answer
    for _ in range(2):
        assert work(stage) == []
        stage.clock.advance(60)
    assert len(stage.calls.made) == 1
    assert (trial(stage).status, trial(stage).last_error) == (status, error)
    assert not stage.trial_bells.queued


@pytest.mark.parametrize("status", MailingStatus)
def test_state_and_hours_of_the_mailing_are_no_matter(status: MailingStatus) -> None:
    hours = TimeWindow(start="00:00", end="00:01")
    stage = on_stage(status=status, time_window=hours, ends_at=NOW - HOUR)
    work(stage)
    assert trial(stage).status is TrialStatus.SENT
    assert stage.messages.by_key == {}


@pytest.mark.parametrize("gone", [True, False])
def test_of_a_deleted_mailing_nothing_is_sent(gone: bool) -> None:
    stage = on_stage(deleted=True)
    if gone:
        stage.mailings.by_id.clear()
    assert work(stage) == []
    assert not stage.calls.made
    assert trial(stage) == a_trial()


def test_one_that_is_gone_is_dropped() -> None:
    stage = on_stage()
    assert work(stage, ring(2)) == []
    assert not stage.calls.made


def test_what_comes_too_late_is_not_begun() -> None:
    stage = on_stage()
    stage.clock.advance(300)
    assert work(stage) == []
    assert not stage.calls.made
    assert as_of(trial(stage), NOW + 301 * SECOND).status is TrialStatus.FAILED


def test_a_call_begins_before_it_is_too_late() -> None:
    stage = on_stage()
    stage.clock.advance(299.5)
    work(stage)
    [planned] = stage.calls.planned
    assert planned.begin_by == NOW + 300 * SECOND


def test_many_are_made_side_by_side_and_each_once() -> None:
    stage = on_stage(*[a_trial(number) for number in range(1, 4)])
    assert work(stage, ring(1), ring(2), ring(1), ring(3), ring(2)) == []
    assert sorted(call.phone[-1] for call in stage.calls.made) == ["1", "2", "3"]
    assert {trial(stage, number).status for number in (1, 2, 3)} == {TrialStatus.SENT}


def test_of_two_deliveries_at_once_one_calls() -> None:
    stage = on_stage()
    real = stage.trials
    stage.trials = before(real, "replace", once(lambda: work(stage)))
    work(stage)
    assert len(stage.calls.made) == 1


def test_who_dies_during_the_call_leaves_it_unknown() -> None:
    stage = on_stage()

    def dies(_: GatewayCall) -> GatewayOutcome:
        raise KeyboardInterrupt

    stage.calls.script = dies
    with pytest.raises(KeyboardInterrupt):
        work(stage)
    stage.calls.script = lambda _: OK
    stage.clock.advance(19)
    assert work(stage) == []
    assert as_of(trial(stage), stage.clock.now()).status is TrialStatus.PENDING
    stage.clock.advance(1)
    assert work(stage) == []
    assert as_of(trial(stage), stage.clock.now()).status is TrialStatus.UNKNOWN
    assert len(stage.calls.made) == 1


@pytest.mark.parametrize("happens", [before, after])
def test_an_answer_that_cannot_be_written_down_is_no_reason_to_call_again(
    caplog: pytest.LogCaptureFixture, happens: Callable[..., Any]
) -> None:
    stage = on_stage()
    real = stage.trials
    stage.trials = happens(real, "replace", second(outage))
    assert work(stage) == []
    stage.trials = real
    work(stage)
    assert len(stage.calls.made) == 1
    level, _, keys = lines(caplog, "trial not recorded")[0]
    assert (level, keys["error"], keys["test_id"]) == (logging.ERROR, "Unavailable", "t0000001")


def _then(happening: Callable[[], object]) -> GatewayOutcome:
    happening()
    return OK


def test_one_whose_mailing_goes_during_the_call_stays_away() -> None:
    stage = on_stage()
    mailing = stage.mailing()
    stage.calls.script = lambda _: _then(lambda: stage.mailings.remove(mailing))
    assert work(stage) == []
    assert stage.trials.by_key == {}


@pytest.mark.parametrize("port", ["mailings", "trials"])
def test_while_aws_does_not_answer_it_is_put_off(
    caplog: pytest.LogCaptureFixture, port: str
) -> None:
    stage = on_stage()
    setattr(stage, port, before(getattr(stage, port), "get", outage))
    assert work(stage) == []
    assert rung(stage) == [("t0000001", 5 * SECOND)]
    assert not stage.calls.made
    [(level, _, keys)] = lines(caplog, "trial put off")
    assert (level, keys) == (logging.WARNING, {"error": "AWS does not answer", **IDS})


def test_when_it_cannot_be_put_off_its_record_comes_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    stage.trial_bells = before(stage.trial_bells, "ring", outage)
    assert work(stage) == ["r1"]
    assert work(stage, ring(1), ring(2)) == ["r1", "r2"]
    level, _, keys = lines(caplog, "record keeps its visibility")[0]
    told = {"error": "AWS does not answer", "record_id": "r1", **IDS}
    assert (level, keys) == (logging.WARNING, told)


def test_what_nobody_expects_takes_no_neighbour_along(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage(a_trial(1), a_trial(2))
    stage.put(running())
    with_messages(stage, 1)

    def trips() -> None:
        raise RuntimeError("nobody expected this")

    stage.trials = before(stage.trials, "get", once(trips))
    rings: list[Any] = [ring(1), ring(2), Record("r3", "receipt-3", 1, doorbell(fresh_at=NOW))]
    assert stage.whole_sender.work(rings, stage.budget(60)) == ["r1"]
    assert [call.phone for call in stage.calls.made] == ["79030000002", "79000000001"]
    [(level, _, keys)] = lines(caplog, "trial failed")
    told = {"error": "RuntimeError", "mailing_id": "m0000001", "test_id": "t0000001"}
    assert (level, keys) == (logging.ERROR, told)


@pytest.mark.parametrize(("left_s", "is_made"), [(21.9, False), (22.0, True)])
def test_with_little_time_left_it_is_put_off(left_s: float, is_made: bool) -> None:
    stage = on_stage()
    assert stage.whole_sender.work([ring()], stage.budget(left_s)) == []
    assert bool(stage.calls.made) == is_made
    assert rung(stage) == ([] if is_made else [("t0000001", SECOND)])
    assert trial(stage).attempts == int(is_made)


def test_one_whose_call_did_not_begin_is_given_back() -> None:
    stage = on_stage()
    stage.trials = after(stage.trials, "replace", once(lambda: stage.clock.advance(3)))
    assert work(stage) == []
    assert not stage.calls.made
    given_back = trial(stage)
    assert given_back == a_trial(token=given_back.token)
    assert rung(stage) == [("t0000001", 4 * SECOND)]
    assert not stage.journal.by_minute
    work(stage)
    assert trial(stage).status is TrialStatus.SENT


# the pace


def paced(free_in_s: float, **fields: Any) -> Stage:
    stage = on_stage()
    stage.parts_per_s = 2.0
    stage.pace.state = PaceState(free_at=NOW + free_in_s * SECOND, token="p1")
    return stage


def test_it_keeps_the_pace() -> None:
    stage = paced(1.5)
    work(stage)
    [planned] = stage.calls.planned
    assert planned.not_before == NOW + 1.5 * SECOND
    assert planned.begin_by == NOW + 2.5 * SECOND
    assert planned.until == NOW + 11.5 * SECOND
    assert stage.pace.state is not None
    assert stage.pace.state.free_at == NOW + 2 * SECOND


def test_facts_are_not_older_than_three_seconds() -> None:
    stage = paced(2.3)
    stage.pace = after(stage.pace, "read", once(lambda: stage.clock.advance(0.5)))
    work(stage)
    [planned] = stage.calls.planned
    assert planned.begin_by == NOW + 3 * SECOND


def test_a_long_text_takes_its_parts() -> None:
    stage = paced(0)
    stage.trials.by_key["m0000001", "t0000001"] = a_trial(text="слово " * 40)
    work(stage)
    assert stage.pace.state is not None
    assert stage.pace.state.free_at == NOW + 2 * SECOND


def test_without_a_slot_it_comes_again_when_there_may_be_one() -> None:
    stage = paced(7.5)
    assert work(stage) == []
    assert not stage.calls.made
    assert trial(stage) == a_trial()
    assert rung(stage) == [("t0000001", 6 * SECOND)]


# what its answer tells


def failing(stage: Stage, answer: GatewayOutcome, times: int) -> Sender:
    """A sender that made so many trials, each with this answer."""
    stage.calls.script = lambda _: answer
    sender = stage.whole_sender
    for number in range(1, times + 1):
        stage.trials.by_key["m0000001", f"t{number:07d}"] = a_trial(number)
        work(stage, ring(number), sender=sender)
    return sender


def deliver(stage: Stage, sender: Sender) -> None:
    sender.work([Record("r0", "receipt-0", 1, doorbell(fresh_at=NOW))], stage.budget(60))


def test_the_breaker_hears_of_it_and_does_not_stop_it() -> None:
    stage = on_stage(status=MailingStatus.RUNNING, slices=1)
    with_messages(stage, 1)
    sender = failing(stage, reply(500), FAILURES_TO_OPEN)
    deliver(stage, sender)
    assert len(stage.calls.made) == FAILURES_TO_OPEN, "the message is spared"
    assert stage.message().attempts == 0
    stage.trials.by_key["m0000001", "t0000999"] = a_trial(999)
    stage.calls.script = lambda _: OK
    work(stage, ring(999), sender=sender)
    assert trial(stage, 999).status is TrialStatus.SENT
    deliver(stage, sender)
    assert stage.message().status == "sent", "its success closed the breaker"


def test_it_is_no_probe_of_an_open_breaker() -> None:
    """Its failure says nothing new, so the pause is not made longer."""
    stage = on_stage()
    sender = failing(stage, reply(500), FAILURES_TO_OPEN)
    until = sender.trying.breaker.open_until
    assert until is not None
    stage.trials.by_key["m0000001", "t0000999"] = a_trial(999)
    work(stage, ring(999), sender=sender)
    assert trial(stage, 999).attempts == 1
    assert sender.trying.breaker.open_until == until


def test_a_429_is_no_trouble_and_slows_the_pace() -> None:
    stage = paced(0)
    stage.put(running())
    with_messages(stage, 1)
    stage.calls.script = lambda _: reply(429)
    work(stage)
    assert stage.pace.state is not None
    assert stage.pace.state.slowed_to == 0.5
    stage = on_stage(status=MailingStatus.RUNNING, slices=1)
    with_messages(stage, 1)
    sender = failing(stage, reply(429), FAILURES_TO_OPEN)
    stage.calls.script = lambda _: OK
    deliver(stage, sender)
    assert stage.message().status == "sent"


@pytest.mark.parametrize(("status", "times"), [(401, 1), (400, 0), (500, 0)])
def test_a_refused_token_is_read_again(status: int, times: int) -> None:
    stage = on_stage()
    failing(stage, reply(status), 1)
    assert stage.token.refreshed == times


def test_the_pace_is_left_alone_by_other_answers() -> None:
    stage = paced(0)
    stage.calls.script = lambda _: reply(500)
    work(stage)
    assert stage.pace.state is not None
    assert stage.pace.state.slowed_at is None


def test_the_fuse_hears_nothing_of_it() -> None:
    stage = on_stage(status=MailingStatus.RUNNING, slices=1)
    with_messages(stage, 1)
    sender = failing(stage, reply(400), WINDOW)
    deliver(stage, sender)
    assert stage.message().status == "failed", "the refusal of a message is believed"


def test_its_line_in_the_log_has_ids_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    stage = on_stage()
    stage.calls.script = lambda _: Reply(200, 0, None, excerpt="", duration_s=2.5)
    work(stage)
    told = {
        **IDS,
        "correlation_id": SOME_REQUEST,
        "record_id": "r1",
        "verdict": "Accepted",
        "status": 200,
        "code": 0,
        "duration_ms": 2500,
    }
    assert lines(caplog) == [(logging.INFO, "trial made", told)]
    caplog.clear()
    failing(stage, no_reply("dns", handed_over=False), 1)
    [(level, _, keys)] = lines(caplog, "trial made")
    assert (level, keys["verdict"], keys["status"]) == (logging.WARNING, "TryAgain", "dns")


def test_one_that_is_not_made_or_waits_or_is_not_called_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    stage = on_stage()
    stage.calls.script = lambda _: no_reply("not_called", handed_over=False)
    work(stage)
    [(level, _, keys)] = lines(caplog, "trial not called")
    assert (level, keys["status"], keys["test_id"]) == (logging.WARNING, "not_called", "t0000001")
    stage = on_stage()
    work(stage)
    caplog.clear()
    work(stage)
    assert lines(caplog) == [(logging.INFO, "trial not made", {**IDS, "record_id": "r1"})]
    caplog.clear()
    stage = on_stage()
    stage.whole_sender.work([ring()], stage.budget(20))
    told = {**IDS, "record_id": "r1", "next_at": format_instant(NOW)}
    assert lines(caplog, "trial waits") == [(logging.INFO, "trial waits", told)]


def test_a_lost_race_for_the_claim_is_no_error() -> None:
    stage = on_stage()

    def lost() -> None:
        raise LostRace("t0000001")

    stage.trials = before(stage.trials, "replace", lost)
    assert work(stage) == []
    assert not stage.calls.made
    assert not stage.trial_bells.queued


def test_messages_and_trials_share_a_batch() -> None:
    stage = on_stage(status=MailingStatus.RUNNING, slices=1)
    with_messages(stage, 1)
    rings: list[Any] = [Record("r0", "receipt-0", 1, doorbell(fresh_at=NOW)), ring()]
    assert stage.whole_sender.work(rings, stage.budget(60)) == []
    assert [call.phone for call in stage.calls.made] == ["79030000001", "79000000001"]
    assert stage.message() != a_message()
