"""Units by AWS's rules: the examples of its own documentation, and what ours depend on."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from benchmarks.metering import Change, Meter, Statement
from benchmarks.units import (
    Index,
    Item,
    change_units,
    index_units,
    item_bytes,
    range_units,
    read_units,
    value_bytes,
    write_units,
)

KB = 1024


def an_item(size: int, **more: Any) -> dict[str, Any]:
    """Of so many bytes, without `more`."""
    return {"id": {"S": "k"}, "rest": {"S": "x" * (size - 7)}, **more}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Привет"}, 12),
        ({"S": ""}, 0),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1795255200"}, 5),  # its zeros at the end are none of its digits
        ({"N": "-1234"}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 3 + 2 + 2 + 1),
        ({"M": {"ab": {"S": "c"}}}, 3 + 1 + 2 + 1),
    ],
)
def test_a_value_has_its_size(value: dict[str, Any], size: int) -> None:
    assert value_bytes(value) == size


def test_what_is_never_stored_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="none of ours"):
        value_bytes({"B": b"x"})


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, 1, 1),
        (None, KB, 1),
        (None, KB + 1, 2),
        (3 * KB, 10, 3),  # the larger of both
        (10, 3 * KB, 3),
        (4 * KB, None, 4),
        (None, None, 1),  # a condition on what is not there
    ],
)
def test_a_write_is_charged_by_the_larger_item(
    before: int | None, after: int | None, units: int
) -> None:
    items = [None if size is None else an_item(max(size, 8)) for size in (before, after)]
    assert write_units(*items) == units


def test_the_names_of_attributes_count() -> None:
    assert item_bytes(an_item(100)) == 100


DUE = Index("due", ("due", "due_at"))
HERE = {"due": {"S": "due"}, "due_at": {"S": "12:00"}}
LATER = {"due": {"S": "due"}, "due_at": {"S": "12:05"}}


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, an_item(10), 0),  # it is sparse
        (None, an_item(10, **HERE), 1),
        (an_item(10, **HERE), an_item(10, **HERE), 0),
        (an_item(10, **HERE), an_item(20, **HERE), 1),
        (an_item(10, **HERE), an_item(10, **LATER), 2),  # taken away and put elsewhere
        (an_item(10, **HERE), an_item(10), 1),
        (an_item(10, **HERE), None, 1),
    ],
)
def test_an_index_is_written_along(before: Item | None, after: Item | None, units: int) -> None:
    assert index_units(DUE, before, after) == units


def test_a_transaction_costs_double() -> None:
    assert change_units([DUE], None, an_item(10, **HERE)) == 2
    assert change_units([DUE], None, an_item(10, **HERE), transaction=True) == 4


def test_reads_are_rounded_up_one_by_one_and_a_range_as_a_whole() -> None:
    """AWS's own example is a batch of 1.5 KB and 6.5 KB, which counts as 12 KB."""
    sizes = [int(1.5 * KB), int(6.5 * KB)]
    assert read_units(sizes, consistent=True) == 3
    assert read_units(sizes, consistent=False) == 1.5
    assert range_units(sizes, consistent=True) == 2
    assert read_units([0], consistent=True) == 1, "what is not there costs a unit, too"
    assert range_units([], consistent=False) == 0.5


class Shelf:
    """Tables as the meter asks for them: `t` with one key and no index, holding `items`."""

    def __init__(self, **items: Item) -> None:
        self.items: dict[str, Item] = items

    def keys(self, _table: str, /) -> Sequence[str]:
        return ["id"]

    def indexes(self, _table: str, /) -> Sequence[Index]:
        return []

    def item(self, _table: str, key: Item, /) -> Item | None:
        return self.items.get(key["id"]["S"])

    def looked_at(self, _operation: str, _request: Mapping[str, Any], /) -> Sequence[Item]:
        return list(self.items.values())


def test_a_failed_condition_is_charged_and_changes_nothing() -> None:
    shelf = Shelf(k=an_item(2 * KB))
    changes: list[Change] = []
    meter = Meter(shelf, changes.append)
    request = {"TableName": "t", "Item": an_item(3 * KB)}
    meter.passes("PutItem", request, lambda: {"Error": {"Code": "ConditionalCheckFailed"}})
    assert meter.write_units == {"t": 3}
    assert changes == []


def test_a_change_is_told_with_both_images() -> None:
    shelf, new = Shelf(), an_item(50)
    changes: list[Change] = []

    def store() -> dict[str, Any]:
        shelf.items["k"] = new
        return {}

    Meter(shelf, changes.append).passes("PutItem", {"TableName": "t", "Item": new}, store)
    assert changes == [Change("t", {"id": {"S": "k"}}, None, new)]


def test_what_a_filter_hides_is_read_all_the_same() -> None:
    shelf = Shelf(a=an_item(4000), b=an_item(4000))
    meter = Meter(shelf)
    request = {"TableName": "t", "FilterExpression": "x = :x", "ConsistentRead": True}
    meter.passes("Scan", request, lambda: {"Items": []})
    meter.passes("Scan", {"TableName": "t"}, lambda: {"Items": [an_item(100)]})
    assert meter.read_units == {"t": 2.5}


def test_a_batch_is_charged_for_what_is_not_there_and_not_for_what_was_left() -> None:
    meter = Meter(Shelf())
    keys = [{"id": {"S": f"{n}"}} for n in range(4)]
    request = {"RequestItems": {"t": {"Keys": keys}}}
    meter.passes(
        "BatchGetItem",
        request,
        lambda: {
            "Responses": {"t": [an_item(5000)]},
            "UnprocessedKeys": {"t": {"Keys": keys[3:]}},
        },
    )
    assert meter.read_units == {"t": 2}


def test_each_statement_of_a_batch_is_a_write() -> None:
    shelf = Shelf(k=an_item(50))
    meter = Meter(shelf)
    insert = {
        "Statement": "INSERT INTO \"t\" VALUE {'id': ?, 'rest': ?}",
        "Parameters": [{"S": "n"}, {"S": "x" * 2000}],
    }
    update = {
        "Statement": 'UPDATE "t" SET "rest"=? WHERE "id"=? AND "rest"=?',
        "Parameters": [{"S": "new"}, {"S": "k"}, {"S": "old"}],
    }

    def execute() -> dict[str, Any]:
        shelf.items["n"] = {"id": {"S": "n"}, "rest": {"S": "x" * 2000}}
        return {"Responses": [{}, {"Error": {"Code": "ConditionalCheckFailed"}}]}

    meter.passes("BatchExecuteStatement", {"Statements": [insert, update]}, execute)
    assert meter.write_units == {"t": 2 + 1}


def test_a_statement_is_read_into_what_it_stores_and_what_must_be_there() -> None:
    read = Statement.read(
        'UPDATE "t" SET "a"=? SET "b"=? WHERE "id"=? AND "a"=?',
        [{"S": "1"}, {"S": "2"}, {"S": "k"}, {"S": "0"}],
    )
    assert read == Statement(
        False, "t", {"a": {"S": "1"}, "b": {"S": "2"}}, {"id": {"S": "k"}, "a": {"S": "0"}}
    )
    with pytest.raises(ValueError, match="no statement of ours"):
        Statement.read('SELECT * FROM "t"', [])
