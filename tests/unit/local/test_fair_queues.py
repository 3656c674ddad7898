"""Whose records a fair queue hands out next."""

from collections import Counter

from local.emulator.fair_queues import NOISY_IN_FLIGHT, Record, next_records

NOW = 1_000.0


def waiting(group: str | None, number: int) -> list[Record]:
    return [{"group_id": group, "visible_at": NOW, "receive_count": 0} for _ in range(number)]


def in_flight(group: str | None, number: int) -> list[Record]:
    return [{"group_id": group, "visible_at": NOW + 30, "receive_count": 1} for _ in range(number)]


def groups(records: list[Record], limit: int) -> list[str | None]:
    return [each["group_id"] for each in next_records(records, limit, now=NOW)]


def test_while_nobody_is_noisy_records_come_in_the_order_of_arrival() -> None:
    records = [*waiting("a", 2), *waiting("b", 1), *waiting("a", 1)]
    assert groups([*in_flight("a", NOISY_IN_FLIGHT - 1), *records], 10) == ["a", "a", "b", "a"]
    assert groups(records, 2) == ["a", "a"]


def test_a_group_with_a_backlog_comes_after_the_others() -> None:
    records = [*in_flight("large", 100), *waiting("large", 50), *waiting("small", 3)]
    assert groups(records, 10) == ["small"] * 3 + ["large"] * 7


def test_a_record_without_a_group_is_a_group_of_its_own() -> None:
    records = [*in_flight(None, 40), *in_flight("large", 40)]
    assert groups([*records, *waiting("large", 5), *waiting(None, 5)], 6) == [None] * 5 + ["large"]


def test_a_group_that_is_one_of_many_is_not_noisy() -> None:
    others = [each for n in range(20) for each in in_flight(f"other {n}", 20)]
    assert groups([*in_flight("a", 40), *others, *waiting("a", 1), *waiting("b", 1)], 2) == [
        "a",
        "b",
    ]


def test_noisy_groups_even_out_what_is_in_flight() -> None:
    records = [*in_flight("first", 60), *in_flight("second", 50)]
    records += [*waiting("first", 100), *waiting("second", 100)]
    assert Counter(groups(records, 30)) == {"second": 20, "first": 10}


def test_a_noisy_group_gets_what_the_others_leave() -> None:
    records = [*in_flight("first", 60), *in_flight("second", 50)]
    records += [*waiting("first", 100), *waiting("second", 4)]
    assert Counter(groups(records, 30)) == {"second": 4, "first": 26}


def test_what_is_delayed_or_in_flight_stays() -> None:
    delayed = [each | {"receive_count": 0} for each in in_flight("a", 5)]
    assert groups([*delayed, *in_flight("b", 40)], 10) == []
