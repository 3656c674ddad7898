"""What is known after a run: what the API tells, what the gateway saw, and what was done to both.

All times are seconds since 1970, of one clock: everything runs on one machine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from local.gateway import CallRecord


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a later one."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Kill:
    """A process of this function was killed."""

    at: float
    function: str


@dataclass(kw_only=True)
class Misfortunes:
    """What was done; filled while it happens.

    A pause lasts from the answer to it until the mailing is asked to go on. `purged` holds how many
    records the queue had each time.
    """

    kills: list[Kill] = field(default_factory=list)
    restarts: list[Span] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)
    purged: list[int] = field(default_factory=list)
    deleted: dict[str, float] = field(default_factory=dict)

    def counted(self) -> Counter[str]:
        """How often each kind of thing was done."""
        return Counter(
            kill=len(self.kills),
            restart=len(self.restarts),
            pause=len(self.pauses),
            purge=len(self.purged),
            delete=len(self.deleted),
        )

    def interrupted_senders(self) -> list[Span]:
        """When a sender may have died with what it had not written down."""
        kills = [Span(each.at, each.at) for each in self.kills if each.function == "SenderFunction"]
        return kills + self.restarts


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One run. `clients` are phone numbers by client id; the rest is as the API shows it.

    `calm_s` is the time between the last misfortune and the end of the mailing.
    """

    clients: Mapping[str, str]
    ends_at: float
    mailing: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    attempts: int
    calls: Sequence[CallRecord]
    misfortunes: Misfortunes
    planned: Mapping[str, int]
    dead_letters: int
    lasted_s: float
    calm_s: float
    gateway_timeout_s: float

    @cached_property
    def calls_by_id(self) -> Mapping[str, Sequence[CallRecord]]:
        """The calls for each message, by gateway id, in the order in which they began."""
        found: dict[str, list[CallRecord]] = defaultdict(list)
        for call in sorted(self.calls, key=lambda each: each.begun_at):
            found[call.gateway_id].append(call)
        return found

    @cached_property
    def accepted(self) -> Counter[str]:
        """How often the gateway accepted each message, by gateway id."""
        return Counter(each.gateway_id for each in self.calls if each.accepted)

    @cached_property
    def messages_by_id(self) -> Mapping[str, Mapping[str, Any]]:
        """The messages by gateway id."""
        return {each["gateway_id"]: each for each in self.messages}

    def name(self, gateway_id: str) -> str:
        """The id of the message that the gateway knows by this one."""
        message = self.messages_by_id.get(gateway_id)
        return str(message["id"]) if message else f"gateway id {gateway_id}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, the figure, and everything that is not as promised."""

    what: str
    figure: str
    wrong: tuple[str, ...] = ()
