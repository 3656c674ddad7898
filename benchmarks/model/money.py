"""The bill of one modelled mailing: by counts, and by the seconds that the model found."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.model import shape
from benchmarks.model.course import Course
from benchmarks.model.measured import PerMessage

PRICES: Final = Path(__file__).parent / "prices.toml"

_MILLION: Final = 1_000_000
_GB: Final = 1_000_000_000
_LAMBDA_GB_MB: Final = 1024

_LOOK_REQUESTS: Final = 0.3
"""A record that gets no slot is received, deleted and sent anew, ten at a time."""

_LOOK_READ_UNITS: Final = 1.5
"""For it its client is read (half a unit), and its message consistently (one), for its doorbell is
no longer a fresh one: `carillon.usecases.deciding`."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """US dollars, us-east-1."""

    write_units_million: float
    read_units_million: float
    sqs_requests_million: float
    lambda_requests_million: float
    lambda_gb_s: float
    log_gb: float

    @classmethod
    def read(cls, path: Path = PRICES) -> "Prices":
        """From the one file of prices."""
        prices: Mapping[str, Any] = tomllib.loads(path.read_text())
        return cls(
            write_units_million=prices["dynamodb"]["write_units_million"],
            read_units_million=prices["dynamodb"]["read_units_million"],
            sqs_requests_million=prices["sqs"]["requests_million"],
            lambda_requests_million=prices["lambda"]["requests_million"],
            lambda_gb_s=prices["lambda"]["gb_second"],
            log_gb=prices["logs"]["gb"],
        )


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
            "writes": number * each.write_units * prices.write_units_million / _MILLION,
            "reads": reads * prices.read_units_million / _MILLION,
            "queue": requests * prices.sqs_requests_million / _MILLION,
            "functions": gb_s * prices.lambda_gb_s
            + invocations * prices.lambda_requests_million / _MILLION,
            "logs": number * each.log_bytes / _GB * prices.log_gb,
        }
    )
