"""What the fan-out's lines say to whoever looks for a mailing or for one of its messages."""

import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Listen,
    Purge,
    Release,
    Revise,
    RunRecount,
    RunSlice,
    Tick,
)
from carillon.models.instant import format_instant
from carillon.models.mailing import MailingStatus, TimeWindow
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.statistics import Tally
from carillon.models.wave import Wave
from carillon.queue_batch import MANY_RECEIVES
from functions.fanout.invocation import work_batch
from tests.fakes import FakeStatistics
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.fakes.system import SOME_REQUEST
from tests.unit.lambda_events import queue_record
from tests.unit.usecases.logged import as_in_a_function, lines
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    done_slice,
    outage,
    running,
    with_messages,
)

MAILING = {"mailing_id": MAILING_ID, "correlation_id": SOME_REQUEST}
OF_COMMANDS = {
    *("mailing_id", "correlation_id", "record_id"),
    *("kind", "number", "at", "rev", "revisions", "clean"),
}
CLIENTS = ["c0000001", "c0000002", "c0000003"]
SLICE = RunSlice(mailing_id=MAILING_ID, number=0)
CLOSE = Close(mailing_id=MAILING_ID)


@pytest.fixture(autouse=True)
def _as_in_a_function(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with as_in_a_function(caplog):
        yield


def work(stage: Stage, command: Command, *, receives: int = 1) -> None:
    record = queue_record(1, command.model_dump_json(), receives)
    work_batch({"Records": [record]}, stage.budget(), working=stage.fanout, commands=stage.commands)


def told(caplog: pytest.LogCaptureFixture, *messages: str) -> list[tuple[str, dict[str, Any]]]:
    """Each line but the last, without what all lines of the command have: that is checked."""
    found = []
    for _, message, keys in lines(caplog, *messages):
        assert keys.items() >= {**MAILING, "record_id": "id-1"}.items(), message
        found.append((message, {name: keys[name] for name in keys if name not in OF_COMMANDS}))
    return [each for each in found if each[0] != "command worked"]


def test_a_start(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.put(a_mailing())
    work(stage, Advance(mailing_id=MAILING_ID, at=NOW))
    assert told(caplog) == [
        ("mailing looked at", {"mailing_status": "scheduled", "step": "Begin"}),
        ("mailing begun", {"slices": 3}),
    ]
    [(level, _, keys)] = lines(caplog, "command worked")
    at = {"kind": "advance", "at": format_instant(NOW), "record_id": "id-1"}
    assert (level, keys) == (logging.INFO, {**MAILING, **at})


def test_a_command_for_a_mailing_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    work(Stage(), CLOSE)
    [(_, message, keys)] = lines(caplog)
    assert (message, keys["mailing_id"], keys["kind"]) == ("command worked", MAILING_ID, "close")
    assert "correlation_id" not in keys


def _about_to_be_made(**fields: Any) -> Stage:
    stage = Stage()
    stage.put(running(**fields), a_slice(total=1))
    stage.put(*(a_client(number) for number in (1, 2)), a_client(3, timezone="Asia/Kamchatka"))
    return stage


def test_a_page_of_clients(caplog: pytest.LogCaptureFixture) -> None:
    window = TimeWindow(start="07:00", end="14:00")  # it is 13:00 in Moscow, 22:00 in Kamchatka
    stage = _about_to_be_made(ends_at=NOW + 24 * HOUR, time_window=window)
    work(stage, SLICE)
    opens_at = format_instant(NOW + 9 * HOUR)
    pending = {"message_status": "pending"}
    assert told(caplog) == [
        ("clients selected", {**pending, "client_ids": CLIENTS[:2]}),
        ("clients selected", {**pending, "next_at": opens_at, "client_ids": CLIENTS[2:]}),
        ("messages made", {"messages": 3, "mailing_status": "running"}),
        ("slice done", {}),
    ]


def test_messages_that_end_as_they_are_made(caplog: pytest.LogCaptureFixture) -> None:
    window = TimeWindow(start="07:00", end="14:00")
    stage = _about_to_be_made(ends_at=NOW + HOUR, time_window=window)
    stage.mailings = before(
        stage.mailings, "add_wave", lambda: pytest.fail("nothing waits for an opening")
    )
    work(stage, SLICE)
    never = {"message_status": "expired", "reason": "hours_never_open"}
    assert told(caplog, "clients selected")[1:] == [
        ("clients selected", {**never, "client_ids": CLIENTS[2:]})
    ]


def test_a_page_that_is_not_rung_for(caplog: pytest.LogCaptureFixture) -> None:
    work(_about_to_be_made(status=MailingStatus.PAUSED), SLICE)
    made = {"messages": 3, "mailing_status": "paused"}
    assert told(caplog, "messages made") == [("messages made", made)]


def test_who_is_behind_another(caplog: pytest.LogCaptureFixture) -> None:
    stage = _about_to_be_made()

    def overtaken() -> None:
        stage.put(a_slice(total=1, rev=7))

    stage.doorbells = before(stage.doorbells, "ring", overtaken)
    work(stage, SLICE)
    assert told(caplog)[-1] == ("another invocation is ahead", {})


def _with_three(**fields: Any) -> Stage:
    stage = Stage()
    stage.put(running(**fields), done_slice())
    with_messages(stage, 3)
    return stage


def test_an_end(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three(ends_at=NOW)
    stage.change_message(2, attempts=1)
    stage.change_message(3, claim_until=NOW + 9 * SECOND)
    work(stage, CLOSE)
    [held] = [each.value for each in stage.commands.queued]
    stage.commands.queued.clear()
    caplog.clear()
    work(stage, held)
    ended = {"reason": "ended"}
    assert told(caplog) == [
        ("messages settled", {"message_status": "expired", **ended, "client_ids": CLIENTS[:1]}),
        (
            "messages settled",
            {"message_status": "unknown", **ended, "client_ids": CLIENTS[1:2]},
        ),
        ("messages are being sent", {"client_ids": CLIENTS[2:]}),
    ]


def test_a_mailing_that_is_all_sent(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three()
    work(stage, CLOSE)
    assert [message for message, _ in told(caplog)] == ["messages are pending"]
    for number in (1, 2, 3):
        stage.change_message(number, status=MessageStatus.SENT)
    caplog.clear()
    work(stage, CLOSE)
    [(message, keys)] = told(caplog)
    assert (message, keys["mailing_status"]) == ("mailing closed", "finished")


def test_a_wave(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three()
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=NOW))
    stage.change_message(1, not_before=NOW + HOUR)
    stage.change_message(2, claim_until=NOW + MINUTE)
    release = Release(mailing_id=MAILING_ID, at=NOW)
    work(stage, release)
    times = {"next_at": format_instant(NOW), "next_by": format_instant(NOW + MINUTE)}
    rung = {**times, "client_ids": CLIENTS[1:]}
    done = {"lost_doorbells": False, "pages": 1, "pending": 3, "asleep": 1}
    assert told(caplog) == [("messages rung for", rung), ("wave done", done)]


@pytest.mark.parametrize(
    ("at", "fields", "message"),
    [
        (NOW + SECOND, {}, "wave waits"),
        (NOW, {"status": MailingStatus.PAUSED}, "wave dropped"),
    ],
)
def test_a_wave_that_does_not_come(
    caplog: pytest.LogCaptureFixture, at: Any, fields: dict[str, Any], message: str
) -> None:
    stage = _with_three(**fields)
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=at))
    work(stage, Release(mailing_id=MAILING_ID, at=at))
    assert lines(caplog)[0][1] == message


def test_a_wave_that_another_is_at(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three()
    wave = Wave(mailing_id=MAILING_ID, opens_at=NOW)
    stage.put(wave)
    stage.mailings = before(stage.mailings, "get", lambda: stage.put(wave.changed()))
    work(stage, Release(mailing_id=MAILING_ID, at=NOW))
    assert told(caplog) == [("another invocation is ahead", {})]


def test_a_change_that_is_worked_in(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three(
        revisions=1, revising=1, resends=1, resending=(MessageStatus.FAILED,), ends_at=NOW + HOUR
    )
    stage.change_message(1, status=MessageStatus.FAILED)
    work(stage, Revise(mailing_id=MAILING_ID, number=1))
    assert told(caplog) == [
        ("messages revised", {"message_status": "pending", "client_ids": CLIENTS[:1]}),
        ("messages rung for", {"next_at": format_instant(NOW), "client_ids": CLIENTS}),
        ("revision left", {"done": True}),
    ]


def test_a_purge(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three(deleted=True, due_at=NOW)
    stage.put(a_slice(total=1))
    work(stage, Purge(mailing_id=MAILING_ID))
    while MAILING_ID in stage.mailings.by_id:
        stage.clock.advance(400)
        for each in stage.commands.take(9):
            if isinstance(each, Purge):
                work(stage, each)
        stage.put(done_slice())
    assert told(caplog) == [
        ("slices told to stop", {"slices": 1}),
        ("messages removed", {"client_ids": CLIENTS}),
        ("mailing removed", {}),
    ]


class Miscounted(FakeStatistics):
    """All three are taken over, and two that never were are left in the counters of before."""

    def tally(self, mailing_id: str, *, recount: int) -> tuple[Tally, Tally]:
        own, older = super().tally(mailing_id, recount=recount)
        return own.model_copy(update={"total": 3}), older.model_copy(update={"total": 2})


def test_a_recount(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three(recounts=1)
    stage.put(Recount(mailing_id=MAILING_ID, number=1, requested_at=NOW, due_at=NOW))
    stage.statistics = Miscounted()
    work(stage, RunRecount(mailing_id=MAILING_ID, number=1))
    for _ in range(3):
        stage.clock.advance(400)
        for each in stage.commands.take(9):
            work(stage, each)
    steps = [(level, message) for level, message, _ in lines(caplog)]
    assert (logging.WARNING, "counters compared") in steps
    [(_, keys)] = told(caplog, "counters compared")
    assert keys["difference"] == {"total": 2}
    [(_, keys)] = told(caplog, "messages counted anew")
    assert keys["client_ids"] == CLIENTS
    assert told(caplog, "recount done")


def test_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.put(a_mailing(), a_slice(1, due_at=NOW))
    work(stage, Tick())
    given = [keys for _, _, keys in lines(caplog, "due work given out")]
    common = {"record_id": "id-1"}
    assert sorted(given, key=str) == sorted(
        [
            {**common, **MAILING, "kind": "advance", "at": format_instant(NOW)},
            {**common, "mailing_id": MAILING_ID, "kind": "slice", "number": 1},
        ],
        key=str,
    )
    [(_, _, keys)] = lines(caplog, "minute passed")
    assert (keys["due"], keys["commands"]) == (2, {"advance": 1, "slice": 1})


def test_doorbells_that_are_lost(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.put(running(), done_slice())
    stage.statistics.totals[MAILING_ID, 0] = Counter(total=3, pending=3)
    work(stage, Listen())
    common = {**MAILING, "record_id": "id-1", "kind": "listen"}
    assert lines(caplog)[:2] == [
        (logging.INFO, "doorbells seem lost", {**common, "expected": 3, "waiting": 0}),
        (logging.WARNING, "doorbells searched for", common),
    ]


@pytest.mark.parametrize(
    ("trouble", "receives", "level"),
    [
        (Unavailable("AWS does not answer"), 1, logging.WARNING),
        (Unavailable("AWS does not answer"), MANY_RECEIVES, logging.ERROR),
        (KeyError("c1"), 1, logging.ERROR),
    ],
)
def test_a_command_that_fails_names_its_mailing(
    caplog: pytest.LogCaptureFixture, trouble: Exception, receives: int, level: int
) -> None:
    stage = _with_three()

    def fails() -> None:
        raise trouble

    stage.messages = before(stage.messages, "page", fails)
    stage.commands = before(stage.commands, "defer", outage)
    work(stage, CLOSE, receives=receives)
    [(seen, _, keys)] = lines(caplog, "command failed")
    assert keys.items() >= {**MAILING, "record_id": "id-1", "receives": receives}.items()
    assert (seen, keys["error"]) == (level, type(trouble).__name__)
    kept = {"record_id": "id-1", "error": "AWS does not answer"}
    expected = (logging.WARNING, "record keeps its visibility", kept)
    assert lines(caplog, "record keeps its visibility") == [expected]


def test_every_message_of_a_page_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    stage = _with_three(ends_at=NOW)
    stage.put(a_message(3, not_before=NOW + MINUTE))
    work(stage, CLOSE)
    [held] = stage.commands.queued
    work(stage, held.value)
    named = [each for _, keys in told(caplog, "messages settled") for each in keys["client_ids"]]
    assert sorted(named) == CLIENTS
