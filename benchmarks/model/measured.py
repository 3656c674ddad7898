"""What was measured and goes into the model: counts for each message, and CPU of our functions.

The report of `make bench` is taken where there is one, else `measured.json`, which holds the last
run's figures and says on what machine.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.deliveries import Delivery

FOLDER: Final = Path(__file__).parent.parent
REPORT: Final = FOLDER / "report.json"
RECORDED: Final = Path(__file__).parent / "measured.json"

_CHANGES_A_MESSAGE: Final = 3
"""Inserted, claimed, recorded: the counters see each."""

CALIBRATED_AT: Final = 0
"""Latency in ms of the runs whose CPU is taken: those that wait for nothing."""


@dataclass(frozen=True, kw_only=True)
class PerMessage:
    """What one message takes, counted; requests and units as AWS charges them."""

    write_units: float
    read_units: float
    sqs_requests: float
    log_bytes: float

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> "PerMessage":
        """From counts of one mailing, in the shape of `benchmarks.counting.Counts`."""
        messages = counts["messages"]
        return cls(
            write_units=sum(counts["write_units"].values()) / messages,
            read_units=sum(counts["read_units"].values()) / messages,
            sqs_requests=sum(counts["sqs_requests"].values()) / messages,
            log_bytes=counts["log_bytes"] / messages,
        )


@dataclass(frozen=True, kw_only=True)
class Measured:
    """All that was measured."""

    machine: Mapping[str, Any]
    deliveries: Sequence[Delivery]
    processors: Sequence[float]
    """Of the machine, what nobody else used during each of the deliveries."""
    per_message: PerMessage

    @property
    def cpu_ms(self) -> Mapping[str, float]:
        """CPU for each message of `fanout` and `sender`, for each change of `stats`: the means of
        the runs without latency."""
        runs = [each for each in self.deliveries if each.latency_ms == CALIBRATED_AT]
        means = {
            name: sum(each.cpu_ms(name) for each in runs) / len(runs)
            for name in ("fanout", "sender", "stats")
        }
        return means | {"stats": means["stats"] / _CHANGES_A_MESSAGE}


def of(report: Mapping[str, Any]) -> Measured:
    """What a report says; what it has not measured is taken from the recorded figures.

    Raises:
        KeyError, TypeError: for a report of another shape.
    """
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    if report.get("deliveries"):
        recorded |= {name: report[name] for name in ("machine", "deliveries")}
    return Measured(
        machine=recorded["machine"],
        deliveries=[_delivery(each) for each in recorded["deliveries"]],
        processors=[
            recorded["machine"]["cores"] - each.get("others", 0.0)
            for each in recorded["deliveries"]
        ],
        per_message=PerMessage.of(report.get("counts") or recorded["counts"]),
    )


def read() -> Measured:
    """The report's figures where there is a report, else the recorded ones."""
    return of(json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {})


def _delivery(values: Mapping[str, Any]) -> Delivery:
    return Delivery(**{name: values[name] for name in Delivery.__dataclass_fields__})
