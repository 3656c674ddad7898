"""Whatever goes wrong, the log tells the story of each mailing, message and client, and no secret.

The functions' own lines of some worlds, with all that goes wrong there.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from carillon.concern import Concern
from tests.simulation.run import play
from tests.simulation.world import World
from tests.vocabulary import documented

SEEDS = range(400, 412)
LOG = logging.getLogger("carillon")
EVERY_LINE_HAS = frozenset({*vars(logging.makeLogRecord({})), "message"})

NO_MAILING_READ = frozenset(
    {
        "messages ended",  # the counters see messages
        "changes counted",
        "nothing is pending",
        "due work given out",  # the tick sees a slice, a wave or a recount
        "trial rung for",  # the planner sees that there is one
        "trial put off",  # AWS did not say anything about it
        "trial waits",
        "trial not made",
        "trial failed",
        "records put off",
        "record failed",
        "record keeps its visibility",
        "command failed",
        "command worked",  # of a mailing that is gone, or one that another invocation is at
        "wave waits",
        "wave dropped",
        "another invocation is ahead",
        "messages not sent now",  # of a mailing that is gone
        "creation repeated",  # a mailing, with the answer of then
    }
)
"""Lines that may name a mailing without the request that created it, and why."""


class Lines(logging.Handler):
    """Each line as keys and their values, the message among them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.told: list[dict[str, Any]] = []
        self.addFilter(Concern())

    def emit(self, record: logging.LogRecord) -> None:
        keys = {name: value for name, value in vars(record).items() if name not in EVERY_LINE_HAS}
        self.told.append({**keys, "line": record.getMessage()})


@pytest.fixture(scope="module")
def worlds() -> Iterator[list[tuple[World, list[dict[str, Any]]]]]:
    level, propagate = LOG.level, LOG.propagate
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    yield [_told(seed) for seed in SEEDS]
    LOG.setLevel(level)
    LOG.propagate = propagate


def _told(seed: int) -> tuple[World, list[dict[str, Any]]]:
    lines = Lines()
    LOG.addHandler(lines)
    try:
        world, _ = play(seed)
    finally:
        LOG.removeHandler(lines)
    return world, lines.told


Worlds = list[tuple[World, list[dict[str, Any]]]]


def test_every_key_is_explained(worlds: Worlds) -> None:
    keys = {key for _, told in worlds for line in told for key in line}
    assert keys - {"line"} <= documented()


def test_every_line_about_a_mailing_names_the_request_that_created_it(worlds: Worlds) -> None:
    for world, told in worlds:
        created = {each.thing.id: each.thing.correlation_id for each in world.history.mailings}
        assert len(set(created.values())) == len(created), "each has a request of its own"
        for line in told:
            mailing_id = line.get("mailing_id")
            if mailing_id is None:
                assert "correlation_id" not in line, line
            elif "correlation_id" in line:
                assert line["correlation_id"] == created[mailing_id], line
            else:
                assert line["line"] in NO_MAILING_READ, line


def test_no_line_holds_a_phone_or_a_text(worlds: Worlds) -> None:
    assert any(world.history.mailings for world, _ in worlds)
    for world, told in worlds:
        whole = "\n".join(map(str, told))
        phones = {each.thing.phone for each in world.history.clients}
        texts = {each.thing.text for each in world.history.mailings}
        assert not [each for each in phones | texts if each in whole]


def test_every_call_of_the_gateway_that_was_answered_in_time_is_told(worlds: Worlds) -> None:
    """But for those whose sender died before it could write down anything."""
    called = found = 0
    for world, told in worlds:
        called += len(world.cloud.gateway.calls)
        calls = [line for line in told if line["line"] in ("gateway called", "trial made")]
        found += sum(len(line.get("durations_ms", [1])) for line in calls)
    assert 0.8 * called <= found <= called


def test_every_message_is_found_by_its_ids_from_its_making_to_its_end(worlds: Worlds) -> None:
    for world, told in worlds:
        by_message = _by_message(told)
        for key, message in world.cloud.messages.by_key.items():
            steps = by_message[key]
            assert "clients selected" in {line["line"] for line in steps}, key
            assert message.status in {line.get("message_status") for line in steps}, key


def _by_message(told: list[dict[str, Any]]) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in told:
        for client_id in {line.get("client_id"), *line.get("client_ids", [])} - {None}:
            found[line.get("mailing_id", ""), client_id].append(line)
    return found
