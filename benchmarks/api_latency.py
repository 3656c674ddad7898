"""How long one caller waits for the API: while nothing happens, and while a mailing runs.

One caller asks, reads the answer and asks the next thing, over a connection that stays open.
Calls of all kinds take turns, so that each kind meets the same moments.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from benchmarks.deployed import Deployed, until
from benchmarks.figures import Spread, percentile
from benchmarks.plan import Plan
from local.gateway.behaviour import Behaviour
from local.progress import Progress, Update

PAGE = 50
ENDING = 0.95
"""A mailing of which so much is accepted no longer runs at full speed."""
FIRST_PHONE = 79_110_000_000
"""Away from the numbers of the directory; nobody mails these clients."""

Call = Callable[[], object]
Waits = Mapping[str, Sequence[float]]
"""Milliseconds of each call, by what was asked."""


class Caller:
    """Asks for one thing after the other."""

    def __init__(self, deployed: Deployed) -> None:
        """Nobody is added yet."""
        self._api = deployed.api
        self._phones = itertools.count(FIRST_PHONE)
        self._client_id = ""

    def round(self, mailing_id: str) -> Iterator[tuple[str, float]]:
        """Each call once: what it was, and its milliseconds."""
        for name, call in self._calls(mailing_id).items():
            began = time.perf_counter()
            call()
            yield name, 1000 * (time.perf_counter() - began)

    def _calls(self, mailing_id: str) -> dict[str, Call]:
        one = f"/mailings/{mailing_id}"
        return {
            "create a client": self._create,
            "get a client": lambda: self._api.get(f"/clients/{self._client_id}"),
            "list mailings": lambda: self._api.get("/mailings", limit=PAGE),
            "get a mailing": lambda: self._api.get(one),
            "its statistics": lambda: self._api.get(f"{one}/stats"),
            "a page of its messages": lambda: self._api.get(f"{one}/messages", limit=PAGE),
        }

    def _create(self) -> None:
        body = {"phone": str(next(self._phones)), "tags": ["nobody"], "timezone": "Europe/Moscow"}
        self._client_id = self._api.create("/clients", body)["id"]


def measure(deployed: Deployed, plan: Plan, progress: Progress) -> dict[str, Any]:
    """`idle` and `busy` by call in ms, their `ratio_p95`, and how fast was mailed while busy."""
    caller = Caller(deployed)
    idle: list[Waits] = []
    busy: list[Waits] = []
    mailed_per_s: list[float] = []
    with _finished_mailing(deployed, progress) as finished:
        for run in range(1, plan.runs + 1):
            of = f"run {run} of {plan.runs}"
            with progress.step(f"API, idle: {of}") as update:
                idle.append(_rounds(caller, itertools.repeat(finished), plan.api_rounds, update))
            with (
                progress.step(f"API, while a mailing runs at full speed: {of}") as update,
                closing(_running_mailings(deployed, mailed_per_s)) as running,
            ):
                busy.append(_rounds(caller, running, plan.api_rounds, update))
    told_idle, told_busy = _told(idle), _told(busy)
    ratio = {name: told_busy[name]["p95"] / told_idle[name]["p95"] for name in told_idle}
    return {
        "idle": told_idle,
        "busy": told_busy,
        "ratio_p95": ratio,
        "busy_messages_per_s": Spread.of(mailed_per_s).as_json(),
    }


def _rounds(caller: Caller, mailings: Iterator[str], rounds: int, update: Update) -> Waits:
    waits: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        for name, wait_ms in caller.round(next(mailings)):
            waits[name].append(wait_ms)
        update(f"{number + 1} of {rounds} rounds")
    return waits


@contextmanager
def _finished_mailing(deployed: Deployed, progress: Progress) -> Iterator[str]:
    """As many messages as the running one will have, so that only the running differs."""
    with progress.step(f"API: a finished mailing to {deployed.large:,} clients to ask about"):
        mailing_id = _begin(deployed)
        until(
            lambda: deployed.api.get(f"/mailings/{mailing_id}")["status"],
            lambda status: status == "finished",
            limit_s=900,
            what="the mailing is finished",
        )
    yield mailing_id
    deployed.clear(mailing_id)


def _running_mailings(deployed: Deployed, rates: list[float]) -> Generator[str, None, None]:
    """The id of a mailing that runs at this very moment, whenever it is asked.

    The messages that each sends in a second are added to `rates`.
    """
    while True:
        mailing_id = _begin(deployed)
        began = time.monotonic()
        try:
            while (sent := deployed.gateway.summary().accepted) < ENDING * deployed.large:
                yield mailing_id
        finally:
            rates.append(sent / (time.monotonic() - began))
            deployed.clear(mailing_id)


def _begin(deployed: Deployed) -> str:
    deployed.gateway.reset()
    deployed.gateway.behave(Behaviour())
    mailing_id = deployed.mail(deployed.large)
    until(
        lambda: deployed.gateway.summary().calls,
        lambda calls: calls > 0,
        limit_s=120,
        what="the first call",
    )
    return mailing_id


def _told(runs: Sequence[Waits]) -> dict[str, dict[str, Any]]:
    """Percentiles over the calls of all runs; how they differ between runs is told by the p95."""
    told = {}
    for name in runs[0]:
        waits = [wait for run in runs for wait in run[name]]
        told[name] = {
            "calls": len(waits),
            "p50": percentile(waits, 50),
            "p95": percentile(waits, 95),
            "p99": percentile(waits, 99),
            "p95_of_runs": Spread.of([percentile(run[name], 95) for run in runs]).as_json(),
        }
    return told
