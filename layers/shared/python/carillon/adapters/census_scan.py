"""Counting the clients by a scan in parallel segments: the port `CensusTaker`.

Each segment is read by a thread of its own, page by page. Reads are eventually consistent, which
costs half: a number on a screen may be a second old. DynamoDB bills a scan by what it reads, so
leaving out attributes saves nothing there, only time on the wire and in here.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carillon.adapters.aws import translated
from carillon.adapters.client_items import matching
from carillon.adapters.items import Item, from_attribute
from carillon.errors import Unavailable
from carillon.models.census import Census, Trait
from carillon.models.mailing import Filter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEGMENTS = 8
"""Threads that wait for DynamoDB at once; more would only wait for the one processor we have."""

PAGE_CLIENTS = 2_000
"""Read in one call: some 600 KB of the 1 MB that one can bring. After it the clock is looked at."""

LATE_S = 1.0
"""A page that was begun in time may take so much longer; whoever is still later is left behind."""


@dataclass(frozen=True, slots=True)
class _Page:
    clients: int
    by: Mapping[Trait, Counter[str]]


@dataclass(slots=True)
class _Segment:
    """What a thread has counted so far; a page is added whole, so that others may look any time."""

    number: int
    pages: list[_Page] = field(default_factory=list)
    done: bool = False
    trouble: Unavailable | None = None


class CensusScan:
    """`table` holds the clients; `threads` has `SEGMENTS` or more and lives as long as the process.

    `client` should be a quick one: who is left behind must not stay long. `monotonic` counts
    seconds.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        threads: ThreadPoolExecutor,
        page_clients: int = PAGE_CLIENTS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._table = table
        self._threads = threads
        self._page_clients = page_clients
        self._monotonic = monotonic

    def count(self, chosen: Filter, *, by: Collection[Trait], budget_s: float) -> Census:
        """Those who match; eventually consistent, about `budget_s` at most."""
        until = self._monotonic() + budget_s
        request = self._request(chosen, by)
        segments = [_Segment(number) for number in range(SEGMENTS)]
        running = [
            self._threads.submit(self._read, segment, request, by, until) for segment in segments
        ]
        ended, _ = wait(running, timeout=budget_s + LATE_S)
        for each in ended:
            each.result()
        exact = all(each.done for each in segments)
        pages = [page for segment in segments for page in tuple(segment.pages)]
        if not pages:
            trouble = next((each.trouble for each in segments if each.trouble), None)
            raise trouble or Unavailable("Scan: no page came in time")
        return Census(
            clients=sum(page.clients for page in pages),
            by={trait: _sum(page.by[trait] for page in pages) for trait in by},
            exact=exact,
        )

    def _request(self, chosen: Filter, by: Collection[Trait]) -> dict[str, Any]:
        filtered = matching(chosen.operator_codes, chosen.tags)
        names = {f"#{trait}": trait for trait in by}
        return {
            **filtered,
            "TableName": self._table,
            "TotalSegments": SEGMENTS,
            "Limit": self._page_clients,
            "ProjectionExpression": ", ".join(names),
            "ExpressionAttributeNames": filtered.get("ExpressionAttributeNames", {}) | names,
        }

    def _read(
        self, segment: _Segment, request: Mapping[str, Any], by: Collection[Trait], until: float
    ) -> None:
        """Page after page of a segment, one of them in any case."""
        place: dict[str, Any] = {"Segment": segment.number}
        while not segment.done:
            try:
                with translated():
                    response = self._client.scan(**request, **place)
            except Unavailable as trouble:
                segment.trouble = trouble
                return
            segment.pages.append(_counted(response["Items"], by))
            place["ExclusiveStartKey"] = response.get("LastEvaluatedKey")
            segment.done = place["ExclusiveStartKey"] is None
            if self._monotonic() >= until:
                return


def _counted(items: Collection[Item], by: Collection[Trait]) -> _Page:
    counts: dict[Trait, Counter[str]] = {trait: Counter() for trait in by}
    for item in items:
        for trait in by:
            if trait in item:
                counts[trait].update(_values(item[trait]))
    return _Page(clients=len(items), by=counts)


def _values(attribute: Mapping[str, Any]) -> Iterable[str]:
    """A client's tags, or its one zone or code."""
    value = from_attribute(attribute)
    return map(str, value) if isinstance(value, list) else (str(value),)


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total
