"""One run of one job, N messages through the stand-in gateway, whoever did it.

Ours, the reference beside it and the bare loop are all measured as one of these, so that they can
be compared figure by figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

OURS = "ours"
"""The group of the processes that do the job: the functions, or the reference's workers."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """N messages that were delivered.

    Seconds are counted from the creation: from the API's request, or from the first task that the
    job's command enqueued.
    """

    clients: int
    latency_ms: int
    """What the gateway waits before each answer."""
    seconds: float
    """Until the gateway's last answer."""
    first_s: float
    """Until the gateway's first call."""
    last_s: float
    """Until the gateway's last call."""
    cpu_s: Mapping[str, float]
    """CPU seconds by group: `ours`, `gateway`, and `emulator` or `servers`."""
    peak_mb: Mapping[str, float]
    """The most memory of each group, in MiB."""
    accepted: int
    """Distinct messages that the gateway accepted."""

    @property
    def rate(self) -> float:
        """Messages a second, from the creation to the last answer."""
        return self.clients / self.seconds

    @property
    def is_complete(self) -> bool:
        """Whether every client got the message; a run that lost one proves nothing."""
        return self.accepted == self.clients

    def cpu_ms(self, group: str = OURS) -> float:
        """Milliseconds of CPU for each message; 0 for a group that was not there."""
        return 1000 * self.cpu_s.get(group, 0.0) / self.clients

    def as_json(self) -> dict[str, Any]:
        """For the report, with what follows from the rest."""
        cpu_ms = {group: self.cpu_ms(group) for group in self.cpu_s}
        return asdict(self) | {"rate": self.rate, "cpu_ms": cpu_ms}
