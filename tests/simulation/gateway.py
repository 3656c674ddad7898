"""The other side: a gateway of many moods, and the record of every call it got.

Its moods are those of the stand-in that `make demo` uses, with what a network adds to them. On top
there is weather: minutes in which it is down, and minutes in which it refuses everything.
"""

import heapq
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.gateway import Cause, GatewayCall, GatewayOutcome, NoReply, PlannedCall, Reply
from carillon.policy.retry import may_begin
from carillon.ports import Clock
from local.gateway.behaviour import MANNERS, PLAIN, Manner, Mood
from tests.simulation.faults import Faults
from tests.simulation.kernel import Killed, Process

RETRY_AFTER_S = (1.0, 7.0, 40.0)
"""What it asks for with 429 and 503; sometimes it asks for nothing."""

NETWORK: dict[str, NoReply] = {
    "dns": NoReply("dns", handed_over=False, detail="", duration_s=0.0),
    "connect": NoReply("connect", handed_over=False, detail="", duration_s=0.0),
    "tls": NoReply("tls", handed_over=False, detail="", duration_s=0.0),
    "connect_timeout": NoReply("timeout", handed_over=False, detail="", duration_s=0.0),
    "too_large": NoReply("too_large", handed_over=True, detail="", duration_s=0.0),
}
"""What may happen on the way, beside the moods."""

TIMED_OUT = "http_408"
"""The stand-in has no such mood, and the table of answers has a row for it."""

MOODS = (*(mood.value for mood in Mood), *NETWORK, TIMED_OUT)

USUAL = ("http_400", "http_500_accepted", "http_503")
"""Moods that every gateway has at times: what can be resent needs refusals and doubts."""

DOWN = ("connect", "connect_timeout", "http_503", "silent", "dns")
"""How a gateway that is down may look; one way for the whole time."""

ODD = tuple(mood for mood in MOODS if mood not in {*USUAL, *DOWN})
"""The others, which come up less often by themselves."""


@dataclass(slots=True)
class Call:
    """One call as it was: `accepted` is the gateway's truth, `outcome` what the caller learned.

    `sender` made it, in a group that was `planned` at that time.
    """

    sender: int
    planned: datetime
    gateway_id: int
    phone: str
    text: str
    mood: str
    begun: datetime
    ended: datetime
    accepted: bool
    outcome: GatewayOutcome
    process: Process


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which every call meets the same mood, or a share of them."""

    begins: datetime
    ends: datetime
    mood: str
    share: float


class SimulatedGateway:
    """The gateway that all senders of the world call."""

    def __init__(self, faults: Faults) -> None:
        self.calls: list[Call] = []
        self.spells: list[Spell] = []
        self.faults = faults
        dice = faults.kernel.dice
        odd = dice.sample(MOODS, dice.randint(1, len(MOODS)))
        self._temper = list(dict.fromkeys([*odd, *USUAL]))

    def has_spell(self, mood: str, *, lasts_s: float, share: float = 1.0) -> None:
        """From now on for so long every call meets this mood, or a share of them."""
        now = self.faults.kernel.now()
        self.spells.append(Spell(now, now + timedelta(seconds=lasts_s), mood, share))

    def answer(self, sender: int, planned: datetime, call: GatewayCall, until: datetime) -> Call:
        """A call begins now; it is cut at `until`."""
        kernel = self.faults.kernel
        begun, mood = kernel.now(), self._mood()
        usual_s = kernel.dice.choice((0.02, 0.2, 0.2, 1.0, 4.0))
        ended = begun + timedelta(seconds=usual_s * kernel.dice.uniform(0.8, 1.2))
        accepted, outcome = self._outcome(mood)
        if outcome is None or ended >= until:
            # The call is cut while the gateway is at work: what it was about to do, it does.
            ended = max(begun, until)
            outcome = NoReply("timeout", handed_over=True, detail="cut", duration_s=0.0)
        record = Call(
            sender=sender,
            planned=planned,
            gateway_id=call.gateway_id,
            phone=call.phone,
            text=call.text,
            mood=mood,
            begun=begun,
            ended=ended,
            accepted=accepted,
            outcome=outcome,
            process=kernel.calling(),
        )
        self.calls.append(record)
        return record

    def _mood(self) -> str:
        dice, now = self.faults.kernel.dice, self.faults.kernel.now()
        for spell in self.spells:
            if spell.begins <= now < spell.ends and dice.random() < spell.share:
                self.faults.injected[f"gateway:{spell.mood}"] += 1
                return spell.mood
        if self.faults.strikes("gateway_moody"):
            mood = dice.choice(self._temper)
            self.faults.injected[f"gateway:{mood}"] += 1
            return mood
        return "plain"

    def _outcome(self, mood: str) -> tuple[bool, GatewayOutcome | None]:
        """(accepted, answer); None for an answer that does not come in time."""
        dice = self.faults.kernel.dice
        if mood == TIMED_OUT:
            return dice.random() < 0.5, _reply(408)
        if mood in NETWORK:
            outcome = NETWORK[mood]
            return outcome.handed_over and dice.random() < 0.5, outcome
        manner = PLAIN if mood == "plain" else MANNERS[Mood(mood)]
        if manner.silent or manner.drips:
            return manner.accepts, None
        if manner.drops:
            return manner.accepts, _no_reply("broken")
        asks = manner.status in (429, 503) and dice.random() < 0.7
        return manner.accepts, _spoken(manner, dice.choice(RETRY_AFTER_S) if asks else None)


class SimulatedCalls:
    """The port `Calls` of one sender, whose clock may be off."""

    def __init__(self, gateway: SimulatedGateway, clock: Clock, sender: int) -> None:
        self._gateway = gateway
        self._clock = clock
        self._sender = sender

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Each call begins in its time and ends in its time; outcomes come in small groups."""
        kernel = self._gateway.faults.kernel
        planned = kernel.now()
        off = self._clock.now() - planned
        waiting = [(each.not_before - off, index) for index, each in enumerate(calls)]
        heapq.heapify(waiting)
        under_way: list[tuple[datetime, int, GatewayOutcome]] = []
        while waiting or under_way:
            while waiting and (not under_way or waiting[0][0] <= under_way[0][0]):
                moment, index = heapq.heappop(waiting)
                self._sleep_until(moment)
                call = calls[index]
                if not may_begin(call, self._clock.now()):
                    heapq.heappush(under_way, (kernel.now(), index, _no_reply("not_called", False)))
                    continue
                made = self._gateway.answer(self._sender, planned, call.call, call.until - off)
                heapq.heappush(under_way, (made.ended, index, made.outcome))
            self._sleep_until(under_way[0][0])
            if self._gateway.faults.strikes("crash_while_calling"):
                raise Killed
            group = []
            while under_way and under_way[0][0] <= kernel.now():
                _, index, outcome = heapq.heappop(under_way)
                group.append((index, outcome))
            yield group

    def _sleep_until(self, moment: datetime) -> None:
        kernel = self._gateway.faults.kernel
        if moment > kernel.now():
            kernel.sleep_until(moment)


def _spoken(manner: Manner, retry_after_s: float | None) -> Reply:
    try:
        code = json.loads(manner.body)["code"]
    except (ValueError, TypeError, KeyError):
        code = None
    return _reply(manner.status, code=code, retry_after_s=retry_after_s)


def _reply(status: int, *, code: int | None = None, retry_after_s: float | None = None) -> Reply:
    return Reply(status=status, code=code, retry_after_s=retry_after_s, excerpt="", duration_s=0.0)


def _no_reply(cause: Cause, handed_over: bool = True) -> NoReply:
    return NoReply(cause, handed_over=handed_over, detail="", duration_s=0.0)
