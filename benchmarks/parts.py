"""The parts of a run, in order. The stack is started for the first that needs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from benchmarks import (
    api_latency,
    contest,
    emulator_ceiling,
    fanout_rate,
    imports_rate,
    others,
    profiling,
)
from benchmarks.deployed import Deployed
from benchmarks.plan import Plan
from benchmarks.results import Results
from local.places import LocalPaths, Ports
from local.progress import Progress
from local.stack import LocalStack

CONTEST = (contest.STACK, contest.REFERENCE, contest.BARE)
"""Measured in turns; the others one after the other."""


@dataclass
class Bench:
    """One run: what is started for it ends with `opened`."""

    plan: Plan
    paths: LocalPaths
    progress: Progress
    results: Results
    opened: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def deployed(self) -> Deployed:
        """The stack with its directory, started when it is first asked for."""
        stack = LocalStack(paths=self.paths, ports=Ports.free(), progress=self.progress)
        deployed = Deployed(self.opened.enter_context(stack), self.plan.sizes)
        with self.progress.step(f"Settling {deployed.large:,} clients"):
            deployed.settle()
        return deployed


Found = Mapping[str, Any]
Measure = Callable[[Bench, Sequence[str]], Found]


@dataclass(frozen=True)
class Part:
    """Names by which it can be chosen, and what it adds to the results."""

    names: tuple[str, ...]
    measure: Measure


def _contest(bench: Bench, chosen: Sequence[str]) -> Found:
    return contest.measure(
        bench.plan,
        deployed=bench.deployed if contest.STACK in chosen else None,
        chosen=chosen,
        logs=bench.paths.logs,
        progress=bench.progress,
        results=bench.results,
    )


def _cold_starts(bench: Bench, _chosen: Sequence[str]) -> Found:
    with bench.progress.step("Cold starts"):
        return {"cold_starts": others.cold_starts(bench.plan.runs)}


def _counts(bench: Bench, _chosen: Sequence[str]) -> Found:
    with bench.progress.step("Counts of one mailing, and the bill"):
        return others.counts()


def _model(bench: Bench, _chosen: Sequence[str]) -> Found:
    with bench.progress.step("The model, from what was measured"):
        return others.model(bench.results.values)


def _on_stack(key: str, measure: Callable[[Deployed, Plan, Progress], Any]) -> Measure:
    return lambda bench, _chosen: {key: measure(bench.deployed, bench.plan, bench.progress)}


PARTS: Sequence[Part] = (
    Part(("cold",), _cold_starts),
    Part(("counts",), _counts),
    Part(CONTEST, _contest),
    Part(("api",), _on_stack("api", api_latency.measure)),
    Part(("fanout",), _on_stack("fanout", fanout_rate.measure)),
    Part(("profile",), _on_stack("profile", profiling.measure)),
    Part(("emulator",), _on_stack("emulator", emulator_ceiling.measure)),
    Part(("imports",), _on_stack("imports", imports_rate.measure)),
    Part(("model",), _model),
)
"""Imports come after all that mails: they make the directory larger."""

NAMES = tuple(name for part in PARTS for name in part.names)


def run(part: Part, bench: Bench, chosen: Sequence[str]) -> tuple[Found, float]:
    """What it found, and the seconds that it took."""
    began = time.monotonic()
    return part.measure(bench, chosen), time.monotonic() - began
