"""What the use cases need of the world. Each port has a real adapter and a fake for the tests.

Every method may raise `errors.Unavailable`: AWS throttled, failed or did not answer, and the write
may or may not have happened. Callers are built so that doing it again is harmless.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from carillon.models.client import Client
from carillon.models.commands import Command, Doorbell
from carillon.models.gateway import GatewayOutcome, PlannedCall
from carillon.models.mailing import DueItem, Filter, Mailing, MailingStatus, Slice
from carillon.models.message import Message, MessageStatus
from carillon.models.pace import PaceState
from carillon.models.recount import Recount
from carillon.models.statistics import Counts, Increments, Statistics, Tally
from carillon.models.wave import Wave

T = TypeVar("T")
W = TypeVar("W", Slice, Wave, Recount)


class Clock(Protocol):
    """The wall clock of this machine."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class Chance(Protocol):
    """The only source of randomness."""

    def new_id(self) -> str:
        """A fresh id: 80 random bits, 16 lower-case letters and digits, no dash."""
        ...

    def fraction(self) -> float:
        """Uniform in [0, 1)."""
        ...


class Caller(Protocol):
    """Who asks for what is being done."""

    def subject(self) -> str:
        """The `sub` of the caller's verified token: a person's id, or a program's."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderAddresses:
    """Where an identity provider does what; not each lets people sign out."""

    authorize_url: str
    token_url: str
    logout_url: str | None


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What a token endpoint said: tokens, or an error and why."""

    status: int
    fields: Mapping[str, object]


class IdentityProvider(Protocol):
    """Who signs people in and issues their tokens. `SignInUnavailable` when it does not answer."""

    def addresses(self) -> ProviderAddresses:
        """Where it does what."""
        ...

    def exchange(self, form: Mapping[str, str]) -> TokenAnswer:
        """Ask its token endpoint, with exactly these fields."""
        ...


class Budget(Protocol):
    """How long this invocation may still work."""

    def left_s(self) -> float:
        """Seconds until the invocation is killed."""
        ...


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; `cursor` continues it and is None at the end. May be empty before that."""

    items: Sequence[T]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Creation:
    """A POST's Idempotency-Key, scoped and digested: the same request gives the same values."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Created:
    """What an Idempotency-Key once created: enough to give the first answer again."""

    digest: str
    object_id: str
    at: datetime


class CreationLog(Protocol):
    """What was created under which Idempotency-Key, for a day."""

    def find(self, key: str) -> Created | None:
        """Consistent; None when the key is new."""
        ...


class Directory(Protocol):
    """The clients, as the API sees them."""

    def get(self, client_id: str) -> Client | None:
        """Consistent."""
        ...

    def get_by_phone(self, phone: str) -> Client | None:
        """Consistent."""
        ...

    def add(self, client: Client, creation: Creation | None) -> None:
        """One transaction: client, phone and key. `PhoneTaken`; `LostRace` when the key exists."""
        ...

    def replace(self, old: Client, new: Client) -> None:
        """If still at `old.version`, else `LostRace`. `PhoneTaken` when the number is another's."""
        ...

    def remove(self, client: Client) -> None:
        """If still at `client.version`, else `LostRace`; frees the phone in the same step."""
        ...

    def page(
        self, *, operator_code: str | None, tag: str | None, limit: int, cursor: str | None
    ) -> Page[Client]:
        """In no particular order; eventually consistent; reads at most `limit` items."""
        ...


class Audience(Protocol):
    """The clients, as fan-out and sender see them."""

    def scan(
        self, chosen: Filter, *, number: int, total: int, after: str | None, limit: int
    ) -> Page[Client]:
        """A page of segment `number` of `total`: those who match among `limit` clients read.

        Consistent, so that a client added just before the start is not missed.
        """
        ...

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Client]:
        """Those that exist, by id."""
        ...


class Mailings(Protocol):
    """Mailings with their slices and waves."""

    def get(self, mailing_id: str, *, consistent: bool = True) -> Mailing | None:
        """None when it never was or is purged; a deleted one is still there."""
        ...

    def add(self, mailing: Mailing, creation: Creation | None) -> None:
        """One transaction with the key; `LostRace` when either exists."""
        ...

    def replace(self, old: Mailing, new: Mailing) -> None:
        """If still at `old.rev`, else `LostRace`."""
        ...

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        """Newest first; deleted ones are left out."""
        ...

    def begin(self, old: Mailing, new: Mailing, work: Sequence[Slice | Recount]) -> None:
        """One transaction: `new` if still at `old.rev`, and the work that it begins. `LostRace`."""
        ...

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        """Consistent."""
        ...

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        """All of a mailing; consistent."""
        ...

    def recount(self, mailing_id: str, number: int) -> Recount | None:
        """Consistent."""
        ...

    def checkpoint(self, old: W, new: W) -> None:
        """How far a piece of work has come, if still at `old.rev`, else `LostRace`."""
        ...

    def wave(self, mailing_id: str, opens_at: datetime) -> Wave | None:
        """Consistent."""
        ...

    def add_wave(self, wave: Wave) -> None:
        """Note it; one that is there stays, with whatever was done of it."""
        ...

    def remove_wave(self, wave: Wave) -> None:
        """It was rung for."""
        ...

    def due(self, until: datetime) -> Iterable[DueItem]:
        """What is due at or before `until`, earliest first; eventually consistent."""
        ...

    def remove(self, mailing: Mailing) -> None:
        """Slices, waves, recounts and last the mailing itself."""
        ...


class Messages(Protocol):
    """The messages, and the one way to write to them: compare and swap."""

    def insert(self, messages: Sequence[Message]) -> None:
        """Insert those that are not there yet; one that exists stays as it is."""
        ...

    def swap(self, changes: Sequence[tuple[Message, Message]]) -> Sequence[bool]:
        """For each (before, after): write `after` if the token is still `before.token`.

        True also when the stored token is already `after.token`: an answer was lost on the way.
        """
        ...

    def get(self, mailing_id: str, client_id: str) -> Message | None:
        """Consistent."""
        ...

    def get_many(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Message]:
        """Those that exist, by (mailing_id, client_id); consistent."""
        ...

    def page(
        self,
        mailing_id: str,
        *,
        status: MessageStatus | None,
        limit: int,
        cursor: str | None,
        consistent: bool = False,
    ) -> Page[Message]:
        """Reads about `limit` messages of a mailing and returns those with the status."""
        ...

    def remove(self, messages: Sequence[Message]) -> None:
        """Delete for good."""
        ...


class Doorbells(Protocol):
    """The message queue."""

    def ring(self, doorbells: Sequence[tuple[Doorbell, int]]) -> None:
        """Ask the sender to look at each message after so many seconds, at most 15 minutes."""
        ...

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...

    def waiting(self) -> int:
        """Records in the queue, delayed and in flight ones included; about a minute behind."""
        ...


class Commands(Protocol):
    """The fan-out queue."""

    def send(self, commands: Sequence[Command], *, delay_s: int = 0) -> None:
        """Have these worked, at most 15 minutes from now."""
        ...

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...


class Schedules(Protocol):
    """EventBridge Scheduler."""

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        """Once; a name that exists is success."""
        ...

    def delete(self, name: str) -> None:
        """A name that does not exist is success."""
        ...


class Calls(Protocol):
    """Calls of the gateway, side by side."""

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call within its times; yields (index, outcome) in groups as they end.

        One that may not begin any more (`policy.retry.may_begin`) is `not_called`.
        """
        ...


class PaceTable(Protocol):
    """The pace of the gateway, shared by all senders."""

    def read(self) -> PaceState | None:
        """Consistent; None before the first slot was given out."""
        ...

    def replace(self, old: PaceState | None, new: PaceState) -> None:
        """If still at `old.token`, or still absent, else `LostRace`."""
        ...


class GatewayToken(Protocol):
    """The bearer token, cached."""

    def refresh(self) -> None:
        """The gateway refused it: read it again, at most once a minute."""
        ...


class StatisticsTable(Protocol):
    """Counters of messages by mailing."""

    def position(self, shard: str) -> str | None:
        """The last sequence number counted of this stream shard; consistent."""
        ...

    def count(self, shard: str, *, before: str | None, after: str, increments: Increments) -> None:
        """One transaction: move the shard's position and add. `LostRace` if it moved meanwhile."""
        ...

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        """Zeros for a mailing that has none; consistent, or its last message would be missed."""
        ...

    def read(self, mailing_id: str) -> Statistics:
        """Counts and the timeline of one mailing."""
        ...

    def tally(self, mailing_id: str, *, recount: int) -> tuple[Tally, Tally]:
        """(what the counters of that recount hold, what all earlier ones hold); consistent."""
        ...

    def drop_before(self, mailing_id: str, *, recount: int) -> None:
        """Forget what the counters of earlier recounts hold, here and in the overall counts."""
        ...

    def overall(self) -> Counts:
        """Of all mailings ever."""
        ...

    def remove(self, mailing_id: str) -> None:
        """Forget a purged mailing; the overall counts stay."""
        ...
