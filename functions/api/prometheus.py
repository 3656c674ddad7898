"""Prometheus' text format, and what is told in it.

Every number here may fall, so every one is a gauge. Messages move from one status to another, and a
recount replaces what a mailing's messages add to the totals: while it does, they are counted for a
moment twice. A counter that falls is taken for a restart, and all that it holds for new.
https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
https://prometheus.io/docs/practices/naming/

Labels have few values, which are all written here or in the models: never an id. Mailings come and
go, so a series for each would be one more for ever; `/stats` tells theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from carillon.models.message import MessageStatus
from carillon.models.queues import QueueLengths
from carillon.policy.health import Health, percentile_ms
from carillon.usecases.monitoring import Reading

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_QUANTILES: Final = (0.5, 0.95)
_OUTCOMES: Final = ("accepted", "refused", "retried")
_QUEUES: Final = ("messages", "fanout", "imports")
_STATES: Final = ("ready", "delayed", "in_flight")

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: what it is, and its samples by their labels."""

    name: str
    text: str
    samples: tuple[tuple[Labels, float], ...]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it; nothing without a sample."""
        if not self.samples:
            return
        yield f"# HELP {self.name} {_escaped(self.text)}"
        yield f"# TYPE {self.name} gauge"
        for labels, value in self.samples:
            told = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
            yield f"{self.name}{{{told}}} {value:.15g}" if told else f"{self.name} {value:.15g}"


def exposition(reading: Reading) -> str:
    """All of it, as text that ends with a line's end."""
    families = (*_of_work(reading), *_of_gateway(reading), *_of_queues(reading.queues))
    return "".join(f"{line}\n" for family in families for line in family.lines())


def _of_work(reading: Reading) -> Iterator[Family]:
    tally = reading.messages
    yield Family(
        "carillon_messages",
        "Messages of all mailings ever, by their status now.",
        tuple(({"status": each}, getattr(tally, each)) for each in MessageStatus),
    )
    yield Family(
        "carillon_attempts",
        "Calls of the gateway begun for all messages ever.",
        (({}, tally.attempts),),
    )
    yield Family(
        "carillon_newest_mailings",
        "The 200 mailings that were created last, by their status now.",
        tuple(({"status": each}, number) for each, number in reading.mailings.items()),
    )


def _of_gateway(reading: Reading) -> Iterator[Family]:
    state, calls = reading.gateway, reading.calls
    yield Family(
        "carillon_gateway_health",
        "1 for how the gateway does by its last calls, 0 for how it does not.",
        tuple(({"state": each}, each == state.health) for each in get_args(Health)),
    )
    yield Family(
        "carillon_gateway_breaker_open",
        "Whether a sender's breaker keeps calls back from the gateway.",
        (({}, state.breaker_until is not None),),
    )
    yield Family(
        "carillon_gateway_pace_ratio",
        "Share of the pace that is kept; less than 1 after the gateway asked for less.",
        (({}, state.share),),
    )
    yield Family(
        "carillon_gateway_recent_calls",
        "Calls of the gateway in the last five whole minutes, by how they ended.",
        tuple(({"outcome": each}, getattr(calls, each)) for each in _OUTCOMES),
    )
    yield Family(
        "carillon_gateway_recent_latency_seconds",
        "Within which time that share of the last five whole minutes' calls ended, about.",
        tuple(
            ({"quantile": f"{each:g}"}, percentile_ms(calls, each) / 1000)
            for each in _QUANTILES
            if calls.calls
        ),
    )


def _of_queues(lengths: QueueLengths | None) -> Iterator[Family]:
    yield Family(
        "carillon_queues_up",
        "Whether the queues said how full they are; if not, their numbers are missing.",
        (({}, lengths is not None),),
    )
    if lengths is None:
        return
    yield Family(
        "carillon_queue_records",
        "Records in a queue, by whether they can be taken, wait, or are worked on; about.",
        tuple(
            ({"queue": queue, "state": state}, getattr(getattr(lengths, queue), state))
            for queue in _QUEUES
            for state in _STATES
        ),
    )
    yield Family(
        "carillon_dead_letters",
        "Records that were given up, by the queue that they were in; about.",
        (
            *(({"queue": each}, getattr(lengths, f"dead_{each}")) for each in _QUEUES),
            ({"queue": "undeliverable"}, lengths.undeliverable),
        ),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(value: str) -> str:
    return _escaped(value).replace('"', r"\"")
