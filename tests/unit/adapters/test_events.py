"""Lambda's events, read record by record."""

import logging
from typing import Any

import pytest

from carillon.adapters.events import (
    batch_item_failures,
    mailing_changes,
    message_changes,
    new_trials,
    read_queue,
)
from carillon.adapters.mailing_items import mailing_item, work_item
from carillon.adapters.message_items import message_item, message_key
from carillon.adapters.trials_table import trial_item
from carillon.models.commands import Doorbell, TrialBell, parse_bell
from carillon.models.mailing import Filter, TimeWindow
from carillon.models.message import MessageStatus, Reason
from carillon.models.records import MessageChange, Record, Ring
from carillon.models.wave import Wave
from tests.fakes.samples import a_mailing, a_message, a_slice, a_trial
from tests.fakes.system import SOME_MOMENT
from tests.unit.lambda_events import queue_record, stream_record

DOORBELL = Doorbell(mailing_id="m0000001", client_id="c0000001", fresh_at=SOME_MOMENT)


def read_doorbells(event: dict[str, Any]) -> tuple[list[Ring], list[Record[str]]]:
    return read_queue(event, Doorbell.model_validate_json)


def of_messages(*records: dict[str, Any]) -> list[MessageChange]:
    return message_changes({"Records": list(records)})


MESSAGE_KEY = message_key("m0000001", "c0000001")
MAILING_KEY = {"mailing_id": {"S": "m0000001"}, "item": {"S": "mailing"}}


def test_a_doorbell_is_read_with_what_sqs_knows_of_it() -> None:
    event = {"Records": [queue_record(1, DOORBELL.model_dump_json(), receives=12)]}
    read = Record(id="id-1", receipt="receipt-1", receives=12, body=DOORBELL)
    assert read_doorbells(event) == ([read], [])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"mailing_id": "m1"}',
        '{"mailing_id": 1, "client_id": "c1"}',
        '{"mailing_id": "m1", "client_id": "c1", "phone": "79000000001"}',
        '{"mailing_id": "m1", "client_id": "c1", "fresh_at": "yesterday"}',
        '{"kind": "tick"}',
    ],
)
def test_a_body_that_is_not_ours_is_set_aside_and_its_neighbours_go_on(
    body: str, caplog: pytest.LogCaptureFixture
) -> None:
    ours = DOORBELL.model_dump_json()
    records = [queue_record(1, ours), queue_record(2, body), queue_record(3, ours)]
    read, unreadable = read_doorbells({"Records": records})
    assert [each.id for each in read] == ["id-1", "id-3"]
    assert [(each.id, each.receipt, each.body) for each in unreadable] == [
        ("id-2", "receipt-2", body)
    ]
    [line] = caplog.records
    assert (line.levelno, vars(line)["record_id"]) == (logging.ERROR, "id-2")
    assert "79000000001" not in str(vars(line))


def test_failures_are_told_in_lambdas_words() -> None:
    assert batch_item_failures(["id-1", "id-2"]) == {
        "batchItemFailures": [{"itemIdentifier": "id-1"}, {"itemIdentifier": "id-2"}]
    }
    assert batch_item_failures([]) == {"batchItemFailures": []}


def test_mailings_are_read_before_and_after_their_change() -> None:
    first = a_mailing(time_window=TimeWindow(start="09:00", end="18:00"))
    last = first.changed(filter=Filter(tags=("vip",)), due_at=None)
    changes = [(None, first), (first, last), (last, None)]
    records = [
        stream_record(
            MAILING_KEY,
            old=mailing_item(old) if old else None,
            new=mailing_item(new) if new else None,
        )
        for old, new in changes
    ]
    assert [(each.old, each.new) for each in mailing_changes({"Records": records})] == changes


def test_slices_and_waves_beside_a_mailing_are_passed_over() -> None:
    wave = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT)
    items = [work_item(a_slice()), work_item(wave), mailing_item(a_mailing())]
    records = [
        stream_record({name: item[name] for name in ("mailing_id", "item")}, new=item)
        for item in items
    ]
    assert [(each.old, each.new) for each in mailing_changes({"Records": records})] == [
        (None, a_mailing())
    ]


def test_messages_are_read_in_order_with_their_place_in_the_stream() -> None:
    first = a_message()
    last = a_message(
        status=MessageStatus.UNKNOWN,
        token="t1",
        attempts=2,
        refused=1,
        reason=Reason.ENDED,
        claim_until=SOME_MOMENT,
        expires_at=1797847200,
    )
    longest = "999999999999999999999"
    assert of_messages(
        stream_record(MESSAGE_KEY, new=message_item(first), sequence=longest),
        stream_record(MESSAGE_KEY, old=message_item(first), new=message_item(last)),
        stream_record(MESSAGE_KEY, old=message_item(last), sequence="113"),
    ) == [
        MessageChange(longest, None, first),
        MessageChange("111", first, last),
        MessageChange("113", last, None),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": {"S": "forgotten"}},
        {"attempts": {"S": "many"}},
        {"attempts": {"N": "1.5"}},
        {"photo": {"B": b"x"}},
    ],
    ids=["status", "type", "number", "type of a later version"],
)
def test_a_message_that_cannot_be_read_is_set_aside_and_its_neighbours_go_on(
    wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    item = message_item(a_message())
    changes = of_messages(
        stream_record(MESSAGE_KEY, new=item, sequence="1"),
        stream_record(MESSAGE_KEY, new=item | wrong, sequence="2"),
        stream_record(MESSAGE_KEY, new=item, sequence="3"),
    )
    assert [each.sequence for each in changes] == ["1", "3"]
    [line] = caplog.records
    assert line.levelno == logging.ERROR
    assert (vars(line)["record_id"], vars(line)["keys"]) == ("event-2", MESSAGE_KEY)


def test_a_mailing_that_cannot_be_read_is_set_aside_and_its_neighbours_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    item = mailing_item(a_mailing())
    later = item | {"status": {"S": "archived"}}
    records = [
        stream_record(MAILING_KEY, old=later, new=item),
        stream_record(MAILING_KEY, new=item, sequence="112"),
    ]
    assert [(each.old, each.new) for each in mailing_changes({"Records": records})] == [
        (None, a_mailing())
    ]
    [line] = caplog.records
    assert vars(line)["record_id"] == "event-111"
    assert a_mailing().text not in str(vars(line))


def trial_record(item: str, **images: Any) -> dict[str, Any]:
    return stream_record({"mailing_id": {"S": "m0000001"}, "item": {"S": item}}, **images)


def test_a_trial_that_was_added_is_rung_for() -> None:
    item = trial_item(a_trial())
    event = {
        "Records": [
            stream_record(MAILING_KEY, new=mailing_item(a_mailing())),
            trial_record("test#t0000001", new=item),
            trial_record("test#t0000002", old=item, new=item),
            trial_record("test#t0000003", old=item),
            trial_record("slice#001", new=work_item(a_slice(1))),
        ]
    }
    assert new_trials(event) == [TrialBell(mailing_id="m0000001", test_id="t0000001")]
    assert [(each.old, each.new) for each in mailing_changes(event)] == [(None, a_mailing())]
    assert new_trials({}) == []


def test_a_trial_with_a_strange_id_is_logged_and_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    strange = trial_record("test#", new=trial_item(a_trial()), sequence="7")
    fine = trial_record("test#t0000001", new=trial_item(a_trial()))
    assert [each.test_id for each in new_trials({"Records": [strange, fine]})] == ["t0000001"]
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    told = vars(record)
    assert (told["record_id"], told["keys"]["item"]) == ("event-7", {"S": "test#"})


def test_bells_are_told_apart_by_what_they_hold() -> None:
    trial = TrialBell(mailing_id="m1", test_id="t1")
    assert parse_bell(trial.model_dump_json()) == trial
    assert parse_bell(DOORBELL.model_dump_json()) == DOORBELL


@pytest.mark.parametrize(
    "body",
    [
        '{"mailing_id": "m1"}',
        '{"mailing_id": "m1", "test_id": ""}',
        '{"mailing_id": "m1", "test_id": "t1", "client_id": "c1"}',
        '{"mailing_id": "m1", "test_id": "t1", "phone": "79000000001"}',
        '{"mailing_id": "m1", "test_id": "t1", "fresh_at": "2026-11-21T10:00:00Z"}',
        '{"kind": "tick"}',
    ],
)
def test_what_is_neither_bell_is_set_aside(body: str) -> None:
    assert read_queue({"Records": [queue_record(1, body)]}, parse_bell)[0] == []
