"""The queues over HTTP, also when they do not answer."""

import logging

import pytest

from carillon.models.queues import QueueLength, QueueLengths
from tests.unit.api.calling import CLIENT, World

BUSY = {"ready": 7, "delayed": 2, "in_flight": 1}
QUIET = {"ready": 0, "delayed": 0, "in_flight": 3}


def test_how_full_they_are(world: World) -> None:
    world.gauge.lengths = QueueLengths(
        messages=QueueLength(**BUSY),
        fanout=QueueLength(**QUIET),
        imports=QueueLength(**BUSY),
        dead_messages=4,
        dead_fanout=0,
        dead_imports=1,
        undeliverable=5,
    )
    assert world.get("/queues").json == {
        "messages": BUSY,
        "fanout": QUIET,
        "imports": BUSY,
        "dead_letters": {"messages": 4, "fanout": 0, "imports": 1, "undeliverable": 5},
    }


def test_queues_that_do_not_answer_are_said_to_and_nothing_else_suffers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.gauge.lengths = None
    with caplog.at_level(logging.WARNING, logger="carillon"):
        answer = world.get("/queues")
    assert answer.status == 503
    assert answer.json["detail"] == "the queues did not answer; try again"
    assert answer.headers["Retry-After"] == "1"
    assert [getattr(each, "what", None) for each in caplog.records] == ["queues"]
    assert world.call("POST", "/clients", CLIENT).status == 201
    assert world.get("/health").status == 200
