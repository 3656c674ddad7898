"""The bill of one modelled mailing: by counts, and by the seconds that the model found."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.model import shape
from benchmarks.model.course import Course
from benchmarks.model.measured import FOLDER, PerMessage

PRICES: Final = FOLDER / "prices.toml"

_GB: Final = 1_000_000_000
_LAMBDA_GB_MB: Final = 1024

_BYTES_OUT: Final = 1_000
"""Of one call of the gateway, with what TLS adds."""

_LOOK_REQUESTS: Final = 0.3
"""A record that gets no slot is received, deleted and sent anew, ten at a time."""

_LOOK_READ_UNITS: Final = 1.5
"""For it its client is read (half a unit), and its message consistently (one), for its doorbell is
no longer a fresh one: `carillon.usecases.deciding`."""


class Prices:
    """US dollars for one of each, by the names of the one file of prices."""

    def __init__(self, file: Path = PRICES) -> None:
        self._of: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))

    def cost(self, number: float, name: str) -> float:
        """At list price. KeyError for a price that the file does not have."""
        return number * float(self._of[name]["each"])


@dataclass(frozen=True, slots=True)
class Bill:
    """US dollars by what they are for."""

    lines: Mapping[str, float]

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.lines.values())


def bill(course: Course, each: PerMessage, prices: Prices) -> Bill:
    """What AWS asks for the mailing; the gateway's own bill is not in it."""
    number, looks = course.recipients, course.effort.looks
    reads = number * each.read_units + looks * _LOOK_READ_UNITS
    requests = number * each.sqs_requests + looks * _LOOK_REQUESTS
    gb_s = sum(
        seconds * shape.MEMORY_MB[name] / _LAMBDA_GB_MB
        for name, seconds in course.effort.billed_s.items()
    )
    invocations = sum(course.effort.invocations.values())
    return Bill(
        {
            "writes": prices.cost(number * each.write_units, "write_unit"),
            "reads": prices.cost(reads, "read_unit"),
            "queues": prices.cost(requests, "sqs_request"),
            "functions": prices.cost(gb_s, "lambda_gb_s")
            + prices.cost(invocations, "lambda_request"),
            "logs": prices.cost(number * each.log_bytes / _GB, "log_gb"),
            "to the gateway": prices.cost(number * _BYTES_OUT / _GB, "gb_out"),
        }
    )
