"""`StatisticsTable`: counters that count each batch once."""

from datetime import timedelta

import pytest

from carillon.adapters.statistics_table import DynamoStatistics
from carillon.errors import LostRace
from carillon.models.statistics import (
    Counts,
    ErrorCount,
    Increments,
    Minute,
    Statistics,
    Tally,
    error_counter,
)
from carillon.ports import StatisticsTable
from tests.contract.cloud import Cloud
from tests.fakes import FakeStatistics
from tests.fakes.system import SOME_MOMENT

LATER = SOME_MOMENT + timedelta(seconds=90)


@pytest.fixture(params=["fake", "moto", "ministack"])
def statistics(request: pytest.FixtureRequest) -> StatisticsTable:
    if request.param == "fake":
        return FakeStatistics()
    cloud: Cloud = request.getfixturevalue(request.param)
    return DynamoStatistics(cloud.dynamodb, cloud.table("Stats"))


def made(mailing_id: str = "m1", by: int = 1) -> Increments:
    """So many messages were inserted."""
    increments = Increments()
    increments.move(mailing_id, 0, "total", by)
    increments.move(mailing_id, 0, "pending", by)
    return increments


def sent(mailing_id: str = "m1") -> Increments:
    """A pending message was sent at its second attempt."""
    increments = Increments()
    increments.move(mailing_id, 0, "pending", -1)
    increments.move(mailing_id, 0, "sent", 1)
    increments.move(mailing_id, 0, "attempts", 2)
    increments.note(mailing_id, SOME_MOMENT, "sent")
    increments.note(mailing_id, LATER, "retried")
    return increments


def test_nothing_is_counted_at_first(statistics: StatisticsTable) -> None:
    assert statistics.position("shard-0") is None
    assert statistics.counts(["m1", "m2"]) == {"m1": Counts(), "m2": Counts()}
    assert statistics.counts([]) == {}
    assert statistics.counts_of("m1") == Counts()
    assert statistics.read("m1") == Statistics()
    assert statistics.overall() == Counts()


def test_a_batch_moves_the_position_and_the_counters(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="10", increments=made(by=3))
    statistics.count("shard-0", before="10", after="12", increments=sent())
    assert statistics.position("shard-0") == "12"
    expected = Counts(total=3, pending=2, sent=1)
    assert statistics.counts(["m1"]) == {"m1": expected}
    assert statistics.counts_of("m1") == expected
    assert statistics.overall() == expected
    assert statistics.read("m1") == Statistics(
        counts=expected,
        attempts=2,
        timeline=(
            Minute(minute=SOME_MOMENT, sent=1),
            Minute(minute=SOME_MOMENT + timedelta(minutes=1), retried=1),
        ),
    )


def test_all_together_with_their_attempts(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="10", increments=made("m1", by=3))
    statistics.count("shard-0", before="10", after="12", increments=sent("m1"))
    statistics.count("shard-1", before=None, after="7", increments=made("m2"))
    assert statistics.overall_tally() == Tally(total=4, pending=3, sent=1, attempts=2)


def test_the_minutes_of_a_time_alone(statistics: DynamoStatistics | FakeStatistics) -> None:
    statistics.count("shard-0", before=None, after="10", increments=made(by=3))
    statistics.count("shard-0", before="10", after="12", increments=sent())
    statistics.count("shard-1", before=None, after="7", increments=sent())
    minute = timedelta(minutes=1)
    for begin, end, seen in (
        (SOME_MOMENT, SOME_MOMENT + minute, [Minute(minute=SOME_MOMENT, sent=2)]),
        (SOME_MOMENT + minute, LATER, [Minute(minute=SOME_MOMENT + minute, retried=2)]),
        (SOME_MOMENT - minute, SOME_MOMENT, []),
        (SOME_MOMENT, SOME_MOMENT, []),
    ):
        found = statistics.between("m1", begin=begin, end=end)
        assert (found.counts, found.attempts) == (Counts(total=3, pending=1, sent=2), 4)
        assert list(found.timeline) == seen
    assert statistics.between("m2", begin=SOME_MOMENT, end=LATER) == Statistics()


def test_a_batch_that_was_counted_counts_no_more(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="10", increments=made())
    statistics.count("shard-0", before=None, after="10", increments=made())
    assert statistics.overall() == Counts(total=1, pending=1)


@pytest.mark.parametrize("before", [None, "9"])
def test_a_position_that_moved_is_a_lost_race(
    statistics: StatisticsTable, before: str | None
) -> None:
    statistics.count("shard-0", before=None, after="10", increments=made())
    with pytest.raises(LostRace):
        statistics.count("shard-0", before=before, after="11", increments=made())
    assert statistics.position("shard-0") == "10"
    assert statistics.overall() == Counts(total=1, pending=1)


def test_a_position_that_is_not_there_cannot_be_moved_from(statistics: StatisticsTable) -> None:
    with pytest.raises(LostRace):
        statistics.count("shard-0", before="9", after="10", increments=made())
    assert statistics.position("shard-0") is None


def test_shards_do_not_disturb_each_other(statistics: StatisticsTable) -> None:
    for number in range(20):
        statistics.count(f"shard-{number}", before=None, after="1", increments=made())
        statistics.count(f"shard-{number}", before="1", after="2", increments=sent())
    assert statistics.overall() == Counts(total=20, sent=20)
    read = statistics.read("m1")
    assert read.counts == Counts(total=20, sent=20)
    assert read.attempts == 40
    assert [minute.sent for minute in read.timeline] == [20, 0]
    assert [minute.retried for minute in read.timeline] == [0, 20]


def test_an_empty_batch_only_moves_the_position(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="10", increments=Increments())
    assert statistics.position("shard-0") == "10"
    assert statistics.overall() == Counts()


def test_moves_that_cancel_out_are_no_harm(statistics: StatisticsTable) -> None:
    increments = made()
    increments.move("m1", 0, "pending", -1)
    increments.move("m1", 0, "total", -1)
    statistics.count("shard-0", before=None, after="10", increments=increments)
    assert statistics.position("shard-0") == "10"
    assert statistics.overall() == Counts()


def test_as_much_as_a_transaction_holds_is_counted(statistics: StatisticsTable) -> None:
    increments = Increments()
    for number in range(98):
        increments.move(f"m{number}", 0, "total", 1)
    assert increments.items() == 99
    statistics.count("shard-0", before=None, after="10", increments=increments)
    assert statistics.overall() == Counts(total=98)
    found = statistics.counts([f"m{number}" for number in range(99)])
    assert [found[f"m{number}"].total for number in range(99)] == [1] * 98 + [0]


def test_more_than_a_transaction_holds_is_a_mistake(statistics: StatisticsTable) -> None:
    increments = Increments()
    for number in range(99):
        increments.move(f"m{number}", 0, "total", 1)
    with pytest.raises(ValueError, match="transaction"):
        statistics.count("shard-0", before=None, after="10", increments=increments)
    assert statistics.position("shard-0") is None


# Recounts: the counters of each, side by side.


def taken_over(mailing_id: str = "m1", *, old: int = 0, new: int = 1) -> Increments:
    """A pending message was taken over by a recount."""
    increments = Increments()
    for recount, by in ((old, -1), (new, 1)):
        increments.move(mailing_id, recount, "total", by)
        increments.move(mailing_id, recount, "pending", by)
    return increments


def test_what_a_mailing_counts_is_the_sum_over_its_recounts(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="1", increments=made(by=3))
    statistics.count("shard-0", before="1", after="2", increments=sent())
    statistics.count("shard-1", before=None, after="1", increments=taken_over())
    statistics.count("shard-1", before="1", after="2", increments=taken_over(new=12))
    expected = Counts(total=3, pending=2, sent=1)
    assert statistics.counts(["m1"]) == {"m1": expected}
    assert statistics.counts_of("m1") == expected
    assert statistics.overall() == expected
    read = statistics.read("m1")
    assert (read.counts, read.attempts, len(read.timeline)) == (expected, 2, 2)


def test_a_tally_holds_one_recount_against_all_others(statistics: StatisticsTable) -> None:
    assert statistics.tally("m1", recount=1) == (Tally(), Tally())
    statistics.count("shard-0", before=None, after="1", increments=made(by=3))
    statistics.count("shard-0", before="1", after="2", increments=sent())
    statistics.count("shard-1", before=None, after="1", increments=taken_over())
    statistics.count("shard-0", before="2", after="3", increments=made("m2"))
    own, older = Tally(total=1, pending=1), Tally(total=2, pending=1, sent=1, attempts=2)
    assert statistics.tally("m1", recount=1) == (own, older)
    assert statistics.tally("m1", recount=2) == (
        Tally(),
        Tally(total=3, pending=2, sent=1, attempts=2),
    )


def test_a_tally_may_be_below_zero(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="1", increments=taken_over())
    assert statistics.tally("m1", recount=1)[1] == Tally(total=-1, pending=-1)


def test_what_older_recounts_hold_is_dropped_here_and_overall(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="1", increments=made(by=3))
    statistics.count("shard-1", before=None, after="1", increments=sent())
    statistics.count("shard-1", before="1", after="2", increments=taken_over())
    statistics.count("shard-2", before=None, after="1", increments=taken_over(new=2))
    statistics.count("shard-0", before="1", after="2", increments=made("m2", by=5))
    for _ in range(2):
        statistics.drop_before("m1", recount=2)
    own = Counts(total=1, pending=1)
    assert statistics.counts(["m1", "m2"]) == {"m1": own, "m2": Counts(total=5, pending=5)}
    assert statistics.counts_of("m2") == Counts(total=5, pending=5)
    assert statistics.tally("m1", recount=2) == (Tally(total=1, pending=1), Tally())
    assert statistics.overall() == Counts(total=6, pending=6)
    assert [minute.sent for minute in statistics.read("m1").timeline] == [1, 0]


def test_what_is_older_than_no_recount_is_nothing(statistics: StatisticsTable) -> None:
    statistics.drop_before("m1", recount=1)
    statistics.count("shard-0", before=None, after="1", increments=taken_over())
    statistics.drop_before("m1", recount=0)
    assert statistics.tally("m1", recount=1) == (
        Tally(total=1, pending=1),
        Tally(total=-1, pending=-1),
    )


def test_after_a_drop_counting_goes_on(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="1", increments=made(by=2))
    statistics.drop_before("m1", recount=1)
    statistics.count("shard-0", before="1", after="2", increments=made())
    assert statistics.tally("m1", recount=1) == (Tally(), Tally(total=1, pending=1))
    assert statistics.overall() == Counts(total=1, pending=1)


def test_removing_forgets_one_mailing_but_not_the_sum(statistics: StatisticsTable) -> None:
    statistics.count("shard-0", before=None, after="1", increments=made("m1"))
    statistics.count("shard-0", before="1", after="2", increments=sent("m1"))
    statistics.count("shard-0", before="2", after="3", increments=made("m2"))
    statistics.count("shard-1", before=None, after="1", increments=taken_over("m1"))
    statistics.remove("m1")
    statistics.remove("m1")
    assert statistics.read("m1") == Statistics()
    assert statistics.read("m2").counts == Counts(total=1, pending=1)
    assert statistics.overall() == Counts(total=2, pending=1, sent=1)


def test_a_long_timeline_is_removed_whole(statistics: StatisticsTable) -> None:
    increments = Increments()
    for number in range(60):
        increments.note("m1", SOME_MOMENT + timedelta(minutes=number), "sent")
    statistics.count("shard-0", before=None, after="1", increments=increments)
    assert len(statistics.read("m1").timeline) == 60
    statistics.remove("m1")
    assert statistics.read("m1") == Statistics()


def failing(mailing_id: str, error: str, by: int, recount: int = 0) -> Increments:
    """So many messages have this error now, more than before."""
    increments = made(mailing_id, by=by)
    increments.move(mailing_id, recount, error_counter(error), by)
    return increments


def test_errors_are_told_most_first(statistics: StatisticsTable) -> None:
    for number, (error, by) in enumerate([("timeout", 2), ("HTTP 500", 7), ("HTTP 401", 2)]):
        increments = failing("m1", error, by)
        statistics.count(f"shard-{number}", before=None, after="1", increments=increments)
    assert statistics.read("m1").errors == (
        ErrorCount(error="HTTP 500", messages=7),
        ErrorCount(error="HTTP 401", messages=2),
        ErrorCount(error="timeout", messages=2),
    )
    assert statistics.counts(["m1"])["m1"] == Counts(total=11, pending=11)
    assert statistics.overall() == Counts(total=11, pending=11)


def test_an_error_that_nobody_has_any_more_is_not_told(statistics: StatisticsTable) -> None:
    statistics.count("a", before=None, after="1", increments=failing("m1", "timeout", 2))
    statistics.count("a", before="1", after="2", increments=failing("m1", "timeout", -2))
    statistics.count("b", before=None, after="1", increments=failing("m1", "HTTP 500", -1))
    assert statistics.read("m1").errors == ()


def test_twenty_errors_are_told(statistics: StatisticsTable) -> None:
    increments = Increments()
    for number in range(1, 42):
        increments.move("m1", 0, error_counter(f"error {number}"), number)
    statistics.count("shard-0", before=None, after="1", increments=increments)
    told = statistics.read("m1").errors
    assert [each.messages for each in told] == list(range(41, 21, -1))


def test_a_recount_takes_errors_over_and_its_tally_holds_none(
    statistics: StatisticsTable,
) -> None:
    statistics.count("a", before=None, after="1", increments=failing("m1", "timeout", 1))
    taken = Increments()
    for recount, by in ((0, -1), (1, 1)):
        for name in ("total", "pending", error_counter("timeout")):
            taken.move("m1", recount, name, by)
    taken.move("m1", 0, error_counter("HTTP 500"), 3)  # nobody had that one
    statistics.count("a", before="1", after="2", increments=taken)
    assert statistics.tally("m1", recount=1) == (Tally(total=1, pending=1), Tally())
    statistics.drop_before("m1", recount=1)
    assert statistics.read("m1").errors == (ErrorCount(error="timeout", messages=1),)
    assert statistics.overall() == Counts(total=1, pending=1)


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_the_overall_item_does_not_grow_by_errors(cloud: Cloud) -> None:
    table = cloud.table("Stats")
    statistics = DynamoStatistics(cloud.dynamodb, table)
    statistics.count("a", before=None, after="1", increments=failing("m1", "timeout", 1))
    statistics.drop_before("m1", recount=1)
    for item in cloud.dynamodb.scan(TableName=table)["Items"]:
        if item["mailing_id"]["S"] == "overall":
            assert set(item) == {"mailing_id", "item", "total", "pending"}
