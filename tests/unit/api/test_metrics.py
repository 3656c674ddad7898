"""What Prometheus is told, read by Prometheus' own parser for Python."""

import re
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from carillon.models.conduct import BreakerNote, Conduct
from carillon.models.mailing import MailingStatus
from carillon.models.pace import PaceState
from carillon.models.queues import QueueLength, QueueLengths
from carillon.models.statistics import Increments
from functions.api.prometheus import Family
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import World

MINUTE = timedelta(minutes=1)
Series = dict[tuple[str, ...], float]


def scraped(world: World) -> Series:
    """Each number by its name and its labels' values; and that it is well formed."""
    answer = world.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    families = list(text_string_to_metric_families(answer.text))
    assert len({each.name for each in families}) == len(families)
    for each in families:
        assert re.fullmatch(r"carillon_[a-z_]+", each.name)
        assert (each.type, bool(each.documentation)) == ("gauge", True)
        assert each.samples
    return {
        (sample.name.removeprefix("carillon_"), *sample.labels.values()): sample.value
        for each in families
        for sample in each.samples
    }


def test_at_first_everything_is_there_and_zero(world: World) -> None:
    series = scraped(world)
    is_so = {("gateway_health", "idle"), ("gateway_pace_ratio",), ("queues_up",)}
    assert {name for name, value in series.items() if value} == is_so
    assert set(series.values()) == {0.0, 1.0}
    assert len(series) == 6 + 1 + 5 + 4 + 1 + 1 + 3 + 0 + 1 + 9 + 4


def test_messages_and_mailings(world: World) -> None:
    increments = Increments()
    for name, number in (("total", 9), ("pending", 4), ("sent", 5), ("attempts", 7)):
        increments.move("m0000001", 0, name, number)
    world.statistics.count("shard", before=None, after="1", increments=increments)
    for number, status in enumerate((MailingStatus.RUNNING, MailingStatus.PAUSED) * 101):
        created_at = SOME_MOMENT + timedelta(seconds=number)
        mailing = a_mailing(number, status=status, created_at=created_at)
        world.mailings.by_id[mailing.id] = mailing
    series = scraped(world)
    assert (series["messages", "pending"], series["messages", "sent"]) == (4, 5)
    assert series["attempts",] == 7
    assert series["newest_mailings", "running"] == series["newest_mailings", "paused"] == 100


def test_the_gateway_by_its_last_whole_minutes(world: World) -> None:
    world.api = world.composed(parts_per_s=10.0)
    world.pace.state = PaceState(SOME_MOMENT, "p1", slowed_at=SOME_MOMENT, slowed_to=0.25)
    calls = Conduct(accepted=8, refused=1, retried=11, took={5: 20}, slowest_ms=180)
    for ago in (0, 1, 5, 6):
        world.journal.note(SOME_MOMENT - ago * MINUTE, calls)
    world.journal.note(SOME_MOMENT, Conduct(retried=1, breaker=BreakerNote(SOME_MOMENT + MINUTE)))
    series = scraped(world)
    told = [series["gateway_recent_calls", each] for each in ("accepted", "refused", "retried")]
    assert told == [16, 2, 22]  # of one and of five minutes ago
    assert series["gateway_health", "down"] == series["gateway_breaker_open",] == 1
    assert series["gateway_pace_ratio",] == 0.25
    assert series["gateway_recent_latency_seconds", "0.5"] == 0.14
    assert 0.14 < series["gateway_recent_latency_seconds", "0.95"] <= 0.18


def test_the_queues(world: World) -> None:
    world.gauge.lengths = QueueLengths(
        messages=QueueLength(ready=7, delayed=2, in_flight=1),
        fanout=QueueLength(ready=0, delayed=0, in_flight=3),
        imports=QueueLength(ready=0, delayed=0, in_flight=0),
        dead_messages=4,
        dead_fanout=0,
        dead_imports=1,
        undeliverable=5,
    )
    series = scraped(world)
    assert series["queue_records", "messages", "ready"] == 7
    assert series["queue_records", "fanout", "in_flight"] == 3
    assert series["dead_letters", "messages"] == 4
    assert series["dead_letters", "undeliverable"] == 5


def test_queues_that_do_not_answer_are_missing_and_nothing_else(world: World) -> None:
    world.gauge.lengths = None
    series = scraped(world)
    assert series["queues_up",] == 0
    assert not [name for name, *_ in series if name in ("queue_records", "dead_letters")]
    assert series["messages", "pending"] == 0


def test_no_number_is_of_one_mailing_message_or_client(world: World) -> None:
    before = set(scraped(world))
    for number in range(5):
        world.mailings.by_id[f"m{number}"] = a_mailing(number)
    assert set(scraped(world)) == before


def test_a_label_may_hold_anything() -> None:
    strange = 'a "quoted" \\ line\nand {more}'
    text = "\n".join(Family("carillon_x", "What\\it\nis", (({"of": strange}, 1.5),)).lines()) + "\n"
    [family] = text_string_to_metric_families(text)
    assert family.documentation == "What\\it\nis"
    assert family.samples[0].labels == {"of": strange}
    assert family.samples[0].value == 1.5
