"""Looks at each request for DynamoDB and at its answer, and adds up the units that AWS charges.

It is told by whoever stands where requests pass (`aws_in_process`). What is stored comes from there
too, so that a condition that fails, a filter that hides items and an index that changes along are
counted, and no emulator's own idea of capacity is believed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from benchmarks.units import Index, Item, change_units, item_bytes, range_units, read_units

_STATEMENT = re.compile(r'^(INSERT INTO|UPDATE) "([^"]+)"')
_INSERTED = re.compile(r"'(\w+)': \?")
_NAMED = re.compile(r'"(\w+)"\s*=\s*\?')


class Tables(Protocol):
    """What is stored at this moment."""

    def keys(self, table: str, /) -> Sequence[str]:
        """Partition key and, if there is one, sort key."""
        ...

    def indexes(self, table: str, /) -> Sequence[Index]:
        """All of a table."""
        ...

    def item(self, table: str, key: Item, /) -> Item | None:
        """One item as it is now; it must not change in the caller's hands."""
        ...

    def looked_at(self, operation: str, request: Mapping[str, Any], /) -> Sequence[Item]:
        """All items that a Query or Scan reads, before its filter and whole."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """What a write made of an item; as a stream shows it."""

    table: str
    key: Item
    before: Item | None
    after: Item | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A PartiQL statement as ours are: each value a parameter, each condition an equality.

    `values` are those that are stored, `where` those that must be there already: the key, too.
    """

    inserts: bool
    table: str
    values: Item
    where: Item

    @classmethod
    def read(cls, text: str, parameters: Sequence[Mapping[str, Any]]) -> "Statement":
        """ValueError for any other."""
        match = _STATEMENT.match(text)
        if match is None:
            raise ValueError(f"no statement of ours: {text[:60]}")
        inserts, table = match[1] == "INSERT INTO", match[2]
        if inserts:
            return cls(
                inserts, table, dict(zip(_names(_INSERTED, text), parameters, strict=True)), {}
            )
        names = _names(_NAMED, text)
        conditions = len(_names(_NAMED, text.rpartition(" WHERE ")[2]))
        pairs = list(zip(names, parameters, strict=True))
        return cls(inserts, table, dict(pairs[:-conditions]), dict(pairs[-conditions:]))

    def key(self, names: Sequence[str]) -> Item:
        """Of its item, whose table has a key of these names."""
        named = self.values if self.inserts else self.where
        return {name: named[name] for name in names}

    def refused(self, stored: Item | None) -> str | None:
        """AWS's code for why it is not carried out on what is stored; None if it is."""
        if self.inserts:
            return "DuplicateItem" if stored is not None else None
        as_wanted = stored is not None and self.where.items() <= stored.items()
        return None if as_wanted else "ConditionalCheckFailed"


@cache
def _names(pattern: re.Pattern[str], text: str) -> list[str]:
    names: list[str] = pattern.findall(text)
    return names


@dataclass(slots=True)
class _Write:
    table: str
    key: Item
    before: Item | None
    wanted: Item | None
    """The item of a Put; what a failed condition is charged for, if that is larger."""


@dataclass(slots=True)
class Meter:
    """Adds up; `on_change` hears of every write that changed an item, in order."""

    tables: Tables
    on_change: Callable[[Change], None] = lambda _: None
    write_units: Counter[str] = field(default_factory=Counter)
    read_units: dict[str, float] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

    def passes(
        self, operation: str, request: Mapping[str, Any], ask: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """Let a request pass: `ask` carries it out and answers as AWS does in JSON."""
        self.requests[operation] += 1
        writes = list(self._writes(operation, request))
        read = self._looked_at(operation, request)
        answer = ask()
        in_transaction = operation == "TransactWriteItems"
        for write in writes:
            self._charge(write, in_transaction=in_transaction)
        self._charge_reads(operation, request, answer, read)
        return answer

    def _writes(self, operation: str, request: Mapping[str, Any]) -> Iterator[_Write]:
        match operation:
            case "PutItem" | "UpdateItem" | "DeleteItem":
                yield self._write(request)
            case "TransactWriteItems":
                for action in request["TransactItems"]:
                    [what] = action.values()
                    yield self._write(what)
            case "BatchWriteItem":
                for table, actions in request["RequestItems"].items():
                    for action in actions:
                        [what] = action.values()
                        yield self._write({"TableName": table, **what})
            case "BatchExecuteStatement":
                for each in request["Statements"]:
                    yield self._statement(each["Statement"], each.get("Parameters", []))

    def _write(self, request: Mapping[str, Any]) -> _Write:
        table, item = request["TableName"], request.get("Item")
        named = item if item is not None else request["Key"]
        key = {name: named[name] for name in self.tables.keys(table)}
        return _Write(table, key, self.tables.item(table, key), item)

    def _statement(self, text: str, parameters: Sequence[Mapping[str, Any]]) -> _Write:
        statement = Statement.read(text, parameters)
        key = statement.key(self.tables.keys(statement.table))
        before = self.tables.item(statement.table, key)
        wanted = statement.values if statement.inserts else None
        return _Write(statement.table, key, before, wanted)

    def _charge(self, write: _Write, *, in_transaction: bool) -> None:
        after = self.tables.item(write.table, write.key)
        changed = after != write.before
        # What failed left the item as it is, and so did what wrote the same again.
        charged = after if changed or write.wanted is None else write.wanted
        indexes = self.tables.indexes(write.table) if changed else ()
        units = change_units(indexes, write.before, charged, transaction=in_transaction)
        self.write_units[write.table] += units
        if changed:
            self.on_change(Change(write.table, write.key, write.before, after))

    def _looked_at(self, operation: str, request: Mapping[str, Any]) -> Sequence[Item] | None:
        """What a range read looks at, where its answer will not show it."""
        hides = "FilterExpression" in request or "ProjectionExpression" in request
        if operation in ("Query", "Scan") and hides:
            return self.tables.looked_at(operation, request)
        return None

    def _charge_reads(
        self,
        operation: str,
        request: Mapping[str, Any],
        answer: Mapping[str, Any],
        read: Sequence[Item] | None,
    ) -> None:
        match operation:
            case "GetItem":
                consistent = bool(request.get("ConsistentRead"))
                found = [item_bytes(answer["Item"])] if "Item" in answer else [0]
                self._add(request["TableName"], read_units(found, consistent=consistent))
            case "BatchGetItem":
                left = answer.get("UnprocessedKeys", {})
                for table, wanted in request["RequestItems"].items():
                    sizes = [item_bytes(each) for each in answer["Responses"].get(table, [])]
                    asked = len(wanted["Keys"]) - len(left.get(table, {}).get("Keys", []))
                    sizes += [0] * (asked - len(sizes))
                    consistent = bool(wanted.get("ConsistentRead"))
                    self._add(table, read_units(sizes, consistent=consistent))
            case "Query" | "Scan":
                items = answer["Items"] if read is None else read
                consistent = bool(request.get("ConsistentRead"))
                units = range_units(map(item_bytes, items), consistent=consistent)
                self._add(request["TableName"], units)

    def _add(self, table: str, units: float) -> None:
        self.read_units[table] = self.read_units.get(table, 0.0) + units
