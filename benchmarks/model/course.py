"""What comes of a run: how far the mailing was at each moment, and what held it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.model.effort import Effort


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a mailing is after so many seconds, in messages; `limited_by` since the last one."""

    at: float
    made: float
    sent: float
    counted: float
    """Of three changes for each message."""
    put_off: float
    in_flight: float
    limited_by: str


@dataclass(frozen=True, slots=True)
class Course:
    """A whole run."""

    recipients: int
    begins_s: float
    """When the first page is read."""
    first_s: float
    """When the gateway is called for the first time."""
    last_s: float
    """When the gateway has answered for the last time."""
    counted_s: float
    """When the counters know of it."""
    moments: Sequence[Moment]
    limited_s: Mapping[str, float]
    """For how long each limit was the one that held up the sending."""
    effort: Effort
