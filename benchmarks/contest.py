"""Ours, the reference and the bare loop, in turns: a noisy moment of the machine hits all of them.

Only ratios of what was measured in one run are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import others, stack_runs
from benchmarks.deployed import Deployed
from benchmarks.plan import Plan
from benchmarks.results import Results
from local.errors import LocalError
from local.progress import Progress, Update

STACK, REFERENCE, BARE = "stack", "reference", "bare"

PART_OF: Final = {"deliveries": STACK, "reference": REFERENCE, "bare_loop": BARE}
"""By where its results belong in the report."""

Run = Callable[[Update], Mapping[str, Any]]


@dataclass(frozen=True)
class Turn:
    """One run of one contestant; `key` is where its result belongs in the report."""

    what: str
    key: tuple[str, ...]
    run: Run


@dataclass
class Contest:
    """The chosen contestants, ready."""

    plan: Plan
    deployed: Deployed | None = None
    reference: Mapping[str, others.Deliver] = field(default_factory=dict)
    bare_loop: Mapping[str, others.Deliver] = field(default_factory=dict)

    def turns(self) -> Iterator[Turn]:
        """In order: each latency once by everybody, and then all of it again."""
        for run in range(1, self.plan.runs + 1):
            for latency_ms in self.plan.latencies_ms:
                for what, key, deliver in self._of(latency_ms):
                    of = f"{what}, {latency_ms} ms: run {run} of {self.plan.runs}"
                    yield Turn(of, key, deliver)

    def _of(self, latency_ms: int) -> Iterator[tuple[str, tuple[str, ...], Run]]:
        small, large = self.plan.sizes
        if self.deployed is not None:
            yield self._ours(self.deployed, small, latency_ms)
        for manner, deliver in self.reference.items():
            number = self.plan.defaults_clients[latency_ms] if manner == "defaults" else small
            what = f"Celery, {manner}, {number:,} clients"
            yield what, ("reference", manner), _theirs(deliver, number, latency_ms)
        for library, deliver in self.bare_loop.items():
            what = f"Bare loop, {library}, {small:,} messages"
            yield what, ("bare_loop", library), _theirs(deliver, small, latency_ms)
        if self.deployed is not None:
            yield self._ours(self.deployed, large, latency_ms)

    @staticmethod
    def _ours(
        deployed: Deployed, clients: int, latency_ms: int
    ) -> tuple[str, tuple[str, ...], Run]:
        def run(update: Update) -> Mapping[str, Any]:
            return stack_runs.deliver(
                deployed, clients=clients, latency_ms=latency_ms, update=update
            ).as_json()

        return f"Carillon, {clients:,} clients", ("deliveries",), run


def _theirs(deliver: others.Deliver, number: int, latency_ms: int) -> Run:
    return lambda _update: deliver(number, latency_ms).as_json()


def measure(
    plan: Plan,
    *,
    deployed: Deployed | None,
    chosen: Sequence[str],
    logs: Path,
    progress: Progress,
    results: Results,
) -> dict[str, Any]:
    """`deliveries`, `reference` by manner, `bare_loop` by library, and `stats_lag`."""
    with ExitStack() as stack:

        def ready(name: str, opened: Any) -> Mapping[str, others.Deliver]:
            if name not in chosen:
                return {}
            try:
                with progress.step(f"Getting ready: {name}"):
                    theirs: Mapping[str, others.Deliver] = stack.enter_context(opened())
                return theirs
            except LocalError as error:
                results.miss(name, str(error))
                return {}

        contest = Contest(
            plan,
            deployed=deployed if STACK in chosen else None,
            reference=ready(REFERENCE, lambda: others.reference(logs / "reference-gateway.log")),
            bare_loop=ready(BARE, lambda: others.bare_loop(logs / "bare-gateway.log")),
        )
        if contest.deployed is not None:
            _warm_up(contest.deployed, progress)
        found = _play(contest, results, progress)
    if found.get("deliveries"):
        found["stats_lag"] = _stats_lag(found["deliveries"])
    return found


def _warm_up(deployed: Deployed, progress: Progress) -> None:
    """Concurrent functions are started by the first mailing; that one is not measured."""
    with progress.step("Warming up: a mailing that does not count") as update:
        stack_runs.deliver(deployed, clients=deployed.small, latency_ms=50, update=update)


def _play(contest: Contest, results: Results, progress: Progress) -> dict[str, Any]:
    """Who fails once is out; what the others measured is kept."""
    found: dict[str, Any] = {}
    for turn in contest.turns():
        part = PART_OF[turn.key[0]]
        if part in results.missed:
            continue
        try:
            with progress.step(turn.what) as update:
                result = turn.run(update)
        except LocalError as error:
            results.miss(part, f"{turn.what}: {error}", failed=True)
            continue
        progress.say(_in_short(result))
        *path, last = turn.key
        place = found
        for each in path:
            place = place.setdefault(each, {})
        place.setdefault(last, []).append(dict(result))
    return found


def _in_short(result: Mapping[str, Any]) -> str:
    cpu_ms = result["cpu_ms"]
    shares = ", ".join(
        f"{group} {cpu_ms[group]:.2f}"
        for group in ("ours", "emulator", "servers", "gateway")
        if group in cpu_ms
    )
    whole = "" if result["accepted"] == result["clients"] else f"  ONLY {result['accepted']:,}!"
    return f"  {result['rate']:,.0f} messages/s; CPU ms per message: {shares}{whole}"


def _stats_lag(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Seconds by which the API's counts are behind the gateway: meanwhile, and at the end."""
    meanwhile = [run["lag_s"] for run in runs if run["lag_s"] is not None]
    at_end = [run["counted_s"] - run["seconds"] for run in runs]
    found = {"end_s": median(at_end), "end_max_s": max(at_end)}
    if meanwhile:
        found |= {
            "during_s": median(meanwhile),
            "during_max_s": max(run["lag_max_s"] for run in runs if run["lag_max_s"] is not None),
        }
    return found
