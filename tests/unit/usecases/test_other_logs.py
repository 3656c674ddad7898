"""What planner, counters and importer say to whoever looks for a mailing, a message, a client."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from carillon.adapters.mailing_items import mailing_item
from carillon.adapters.message_items import message_item
from carillon.adapters.trials_table import trial_item
from carillon.errors import Unavailable
from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus
from carillon.usecases.counting import Counting
from functions.planner.invocation import plan_batch
from functions.stats.invocation import count_batch
from tests.fakes.samples import a_client, a_mailing, a_message, a_trial
from tests.fakes.system import SOME_REQUEST, SOMEBODY
from tests.unit.lambda_events import stream_record
from tests.unit.usecases.import_stage import IMPORT, ImportStage
from tests.unit.usecases.logged import as_in_a_function, lines
from tests.unit.usecases.stage import HOUR, MAILING_ID, NOW, Stage, before, outage, running

MAILING = {"mailing_id": MAILING_ID, "correlation_id": SOME_REQUEST}
SHARD = "shardId-00000001"


@pytest.fixture(autouse=True)
def _as_in_a_function(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with as_in_a_function(caplog):
        yield


def _changed(old: Any, new: Any) -> dict[str, Any]:
    keys = {"mailing_id": {"S": MAILING_ID}, "item": {"S": "mailing"}}
    return stream_record(keys, old=old and mailing_item(old), new=new and mailing_item(new))


def plan(stage: Stage, *records: dict[str, Any]) -> None:
    plan_batch({"Records": list(records)}, planner=stage.planner, trial_bells=stage.trial_bells)


def test_a_mailing_that_is_planned(caplog: pytest.LogCaptureFixture) -> None:
    mailing = a_mailing(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, updated_by=SOMEBODY)
    plan(Stage(), _changed(None, mailing))
    [(level, message, keys)] = lines(caplog)
    assert (level, message) == (logging.INFO, "mailing planned")
    assert keys == {
        **MAILING,
        "record_id": "event-111",
        "caller": SOMEBODY,
        "mailing_status": "scheduled",
        "version": 1,
        "rev": 1,
        "hints_made": [
            f"{MAILING_ID}-end-20261121T120000000000",
            f"{MAILING_ID}-start-20261121T110000000000",
        ],
    }


def test_a_mailing_that_is_moved_on(caplog: pytest.LogCaptureFixture) -> None:
    before_it = running(updated_by=SOMEBODY)
    plan(Stage(), _changed(before_it, before_it.changed(closing=True, recounts=1)))
    plan(Stage(), _changed(before_it, before_it.changed(status=MailingStatus.CANCELLED, version=2)))
    plan(Stage(), _changed(before_it, None))
    marked, cancelled, gone = lines(caplog)
    assert marked[2].items() >= {"closing": True, "commands": ["recount"], "rev": 2}.items()
    assert "caller" not in marked[2], "nobody edited it"
    assert cancelled[2].items() >= {"caller": SOMEBODY, "commands": ["advance"]}.items()
    assert cancelled[2]["hints_dropped"] == [f"{MAILING_ID}-end-20261121T110000000000"]
    assert (gone[1], gone[2]["mailing_id"]) == ("mailing gone", MAILING_ID)


def test_a_mailing_that_cannot_be_planned(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.commands = before(stage.commands, "send", outage)
    with pytest.raises(Unavailable):
        plan(stage, _changed(None, a_mailing()))
    [(level, _, keys)] = lines(caplog, "mailing not planned")
    assert level == logging.WARNING
    assert keys.items() >= {**MAILING, "record_id": "event-111", "error": "Unavailable"}.items()


def test_a_trial_that_is_rung_for(caplog: pytest.LogCaptureFixture) -> None:
    keys = {"mailing_id": {"S": MAILING_ID}, "item": {"S": "test#t0000001"}}
    plan(Stage(), stream_record(keys, new=trial_item(a_trial())))
    told = {"mailing_id": MAILING_ID, "test_id": "t0000001"}
    assert lines(caplog) == [(logging.INFO, "trial rung for", told)]


def count(stage: Stage, *pairs: tuple[Any, Any], first: int = 1) -> None:
    records = [
        stream_record(
            {}, old=old and message_item(old), new=new and message_item(new), sequence=str(number)
        )
        for number, (old, new) in enumerate(pairs, start=first)
    ]
    counting = Counting(stage.statistics, stage.commands, stage.mailings, stage.measures)
    count_batch({"Records": records, "shardId": SHARD}, counting=counting)


def _ended(number: int, status: MessageStatus) -> tuple[Any, Any]:
    return a_message(number), a_message(number, status=status)


def test_changes_that_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    sent, failed = MessageStatus.SENT, MessageStatus.FAILED
    made = [(None, a_message(number)) for number in (1, 2, 3)]
    ended = [_ended(1, sent), _ended(2, failed), _ended(3, sent), (a_message(9), None)]
    count(stage, *made, *ended)
    common = {"mailing_id": MAILING_ID, "shard": SHARD}
    both = {"message_status": "sent", "client_ids": ["c0000001", "c0000003"]}
    one = {"message_status": "failed", "client_ids": ["c0000002"]}
    expected = [
        ("messages ended", {**common, **both}),
        ("messages ended", {**common, **one}),
        ("changes counted", {**common, "changes": 6, "record_id": "7"}),
        ("nothing is pending", common),
    ]
    assert lines(caplog) == [(logging.INFO, *each) for each in expected]
    caplog.clear()
    count(stage, *made, *ended)
    again = {"shard": SHARD, "changes": 7}
    assert lines(caplog)[0] == (logging.INFO, "changes were counted before", again)
    assert not lines(caplog, "messages ended", "changes counted")


def test_an_end_is_told_before_it_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.statistics = before(stage.statistics, "count", outage)
    with pytest.raises(Unavailable):
        count(stage, _ended(1, MessageStatus.SENT), first=5)
    (_, first, _), (level, last, keys) = lines(caplog)
    assert (first, level, last) == ("messages ended", logging.WARNING, "changes not counted")
    told = {"shard": SHARD, "changes": 1, "record_id": "5", "error": "Unavailable"}
    assert keys.items() >= told.items()


def test_clients_of_an_import(caplog: pytest.LogCaptureFixture) -> None:
    zone = "Europe/Moscow"
    stage = ImportStage(
        "\n".join(
            [
                "phone,tags,timezone",
                f"79000000001,vip,{zone}",
                f"79000000002,,{zone}",
                f"79000000003,new,{zone}",
                "nonsense,,",
            ]
        ).encode()
    )
    stage.clients.add(a_client(1, tags=("vip",)), None)
    stage.clients.add(a_client(2, tags=("vip",)), None)
    stage.finish()
    created = stage.people()["79000000003"].id
    so_far: dict[str, object] = {"clients_created": 1, "clients_updated": 2, "rows_rejected": 1}
    expected: list[tuple[str, dict[str, object]]] = [
        ("import begins", {"bytes": len(stage.content)}),
        ("clients created", {"client_ids": [created]}),
        ("clients changed", {"client_ids": ["c0000002"]}),
        ("page imported", so_far),
        ("page imported", so_far),  # its end
        ("import finished", so_far),
    ]
    assert lines(caplog) == [
        (logging.INFO, message, {"import_id": IMPORT, **keys}) for message, keys in expected
    ]
    assert "7900000000" not in json.dumps([keys for _, _, keys in lines(caplog)])


def test_an_import_that_makes_way_for_others(caplog: pytest.LogCaptureFixture) -> None:
    rows = "\n".join(f"7900{n:07d},Europe/Moscow" for n in range(12))
    stage = ImportStage(f"phone,timezone\n{rows}".encode())
    stage.work(seconds=1)
    later = (logging.INFO, "import goes on later", {"import_id": IMPORT})
    assert lines(caplog)[-1] == later
