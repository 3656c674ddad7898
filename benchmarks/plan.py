"""How much of everything is measured: in full, or quickly while something is being made faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LATENCIES_MS = (0, 50, 200)
RUNS = 3


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Each figure is the median of `runs`."""

    quick: bool = False
    runs: int = RUNS
    sizes: tuple[int, int] = (5_000, 20_000)
    """Matching clients of a small mailing and of a large one, four times as many."""
    defaults_clients: Mapping[int, int] = field(
        default_factory=lambda: {0: 2_000, 50: 400, 200: 200}
    )
    """Messages of the reference by default settings, by latency: at 200 ms it sends some ten a
    second, from the first second on, and nobody wants to wait for 5,000."""
    api_rounds: int = 100
    """Calls of each kind in each run, idle and again while a mailing runs."""
    import_rows: int = 20_000
    probe_s: float = 2.0
    """How long the emulated AWS is asked for each thing that it can do."""

    @property
    def latencies_ms(self) -> tuple[int, ...]:
        """What the gateway waits before each answer."""
        return LATENCIES_MS


def quick(runs: int | None) -> Plan:
    """For development: a few minutes, and figures that only show the order of magnitude."""
    return Plan(
        quick=True,
        runs=runs or 1,
        sizes=(500, 2_000),
        defaults_clients={0: 500, 50: 100, 200: 50},
        api_rounds=20,
        import_rows=2_000,
        probe_s=0.5,
    )


def full(runs: int | None) -> Plan:
    """What the report in the repository shows."""
    return Plan(runs=runs or RUNS)
