"""Looks at a directory of 200,000 on the emulator: how long they take, and how much they saw.

The figures are printed. What is asserted holds on any machine; how much was seen in time does not.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from carillon.adapters.census_scan import LATE_S
from carillon.usecases.exporting import ROWS_MAX
from carillon.usecases.previewing import BUDGET_S
from local import crowd
from local.stack import LocalStack
from local.workers import peak_memory_mb, workers_of
from tests.e2e.operator import Operator
from tests.e2e.own_stack import own_stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

EVERYBODY = 200_000
ANSWERED_S = 3 * (BUDGET_S + LATE_S)
"""The function keeps its time. The emulator, one process on a shared machine, hands requests and
answers on beside the pages that are still asked of it."""

T = TypeVar("T")


@pytest.fixture(scope="module")
def large_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with own_stack(tmp_path_factory.mktemp("census")) as stack:
        yield stack


@pytest.fixture(scope="module")
def operator(large_stack: LocalStack) -> Operator:
    """One who has looked already, so that the function is warm."""
    half = EVERYBODY // 2
    crowd.settle(large_stack, half, tag="all", first=0)
    crowd.settle(large_stack, half, tag="all", first=half, timezone="Asia/Omsk")
    operator = Operator(large_stack, "all")
    operator.get("/clients?limit=1")
    return operator


def timed(call: Callable[[], T]) -> tuple[T, float]:
    began = time.monotonic()
    answer = call()
    return answer, time.monotonic() - began


@pytest.mark.parametrize("chosen", [{}, {"tags": ["all"]}, {"tags": ["nobody"]}], ids=str)
def test_a_preview_keeps_its_time_and_says_whether_that_sufficed(
    operator: Operator, chosen: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    answer, took_s = timed(lambda: operator.call("POST", "/mailings/preview", {"filter": chosen}))
    preview = answer.json()
    with capsys.disabled():
        print(
            f"\npreview of {chosen}: {preview['recipients']}, exact: {preview['exact']},"
            f" {took_s:.2f} s"
        )
    assert answer.status_code == 200
    assert took_s < ANSWERED_S
    matching = 0 if "nobody" in chosen.get("tags", []) else EVERYBODY
    assert sum(preview["by_timezone"].values()) == preview["recipients"] <= matching
    if preview["exact"]:
        assert preview["recipients"] == matching


def test_suggestions_keep_their_time_too(
    operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    suggested, took_s = timed(lambda: operator.get("/clients/suggestions"))
    with capsys.disabled():
        print(f"\nsuggestions: {suggested}, {took_s:.2f} s")
    assert took_s < ANSWERED_S
    assert [each["value"] for each in suggested["tags"]] == ["all"]


def test_the_whole_directory_is_exported(
    large_stack: LocalStack, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    phones: set[str] = set()
    began, slowest_s, pages, link = time.monotonic(), 0.0, 0, "/clients/export"
    while link:
        answer, took_s = timed(lambda path=link: operator.call("GET", path))  # type: ignore[misc]
        assert answer.status_code == 200, answer.text
        lines = answer.text.splitlines()
        assert len(lines) <= ROWS_MAX + 1
        phones.update(line.partition(",")[0] for line in lines)
        pages, slowest_s = pages + 1, max(slowest_s, took_s)
        link = answer.links["next"]["url"].removeprefix("/api/v1") if answer.links else ""
    took_s = time.monotonic() - began
    peak_mb = max(peak_memory_mb(each) or 0 for each in workers_of(large_stack, "ApiFunction"))
    with capsys.disabled():
        print(
            f"\nexport: {len(phones) - 1} rows in {pages} pages, {took_s:.0f} s, slowest page"
            f" {slowest_s:.2f} s; peak memory of the function {peak_mb:.0f} MB"
        )
    assert len(phones) == EVERYBODY + 1, "and the header"
