"""The other side: a gateway of many moods, and the record of every call it got."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from carillon.policy.retry import LAST_CALL_BEFORE_END
from tests.simulation.kernel import Kernel


@dataclass(slots=True)
class Call:
    """One call as it was: `accepted` is the gateway's truth, `outcome` what the caller learned."""

    gateway_id: int
    phone: str
    text: str
    begun: datetime
    ended: datetime
    accepted: bool
    outcome: GatewayOutcome


@dataclass(frozen=True, slots=True)
class Mood:
    """Shares of calls that are answered in each way; the rest is accepted and said so."""

    error_500: float = 0.0
    throttled: float = 0.0
    unavailable: float = 0.0
    unauthorized: float = 0.0
    refused: float = 0.0
    silent: float = 0.0
    garbage: float = 0.0
    accepted_then_lost: float = 0.0
    no_connection: float = 0.0


CALM = Mood()
ANGRY = Mood(
    error_500=0.1,
    throttled=0.05,
    unavailable=0.05,
    unauthorized=0.02,
    refused=0.02,
    silent=0.05,
    garbage=0.05,
    accepted_then_lost=0.08,
    no_connection=0.05,
)


class SimulatedGateway:
    """The port `Calls`, for every sender of the world."""

    def __init__(self, kernel: Kernel) -> None:
        self.mood = CALM
        self.calls: list[Call] = []
        self._kernel = kernel

    def make(
        self, calls: Sequence[tuple[GatewayCall, datetime]]
    ) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """All calls begin now; each ends in its own time, and never after its instant."""
        begun = self._kernel.now()
        made: list[tuple[datetime, int, GatewayOutcome]] = []
        for index, (call, until) in enumerate(calls):
            if until - begun < LAST_CALL_BEFORE_END:
                none = NoReply("not_called", handed_over=False, detail="", duration_s=0.0)
                made.append((begun, index, none))
                continue
            record = self._answer(call, begun, until)
            self.calls.append(record)
            made.append((record.ended, index, record.outcome))
        for ended, index, outcome in sorted(made, key=lambda each: each[:2]):
            if ended > self._kernel.now():
                self._kernel.sleep_until(ended)
            yield [(index, outcome)]

    def _answer(self, call: GatewayCall, begun: datetime, until: datetime) -> Call:
        dice = self._kernel.dice
        ended = begun + timedelta(seconds=dice.choice((0.02, 0.2, 0.2, 1.0, 4.0)))
        accepted, outcome = self._verdict(dice.random())
        if outcome is None or ended >= until:
            # The call is cut while the gateway is at work: what it was about to do, it does.
            ended = until
            outcome = NoReply("timeout", handed_over=True, detail="cut", duration_s=0.0)
        return Call(
            gateway_id=call.gateway_id,
            phone=call.phone,
            text=call.text,
            begun=begun,
            ended=ended,
            accepted=accepted,
            outcome=outcome,
        )

    def _verdict(self, roll: float) -> tuple[bool, GatewayOutcome | None]:
        """(accepted, answer); None for an answer that never comes."""
        mood = self.mood
        rows: list[tuple[float, bool, GatewayOutcome | None]] = [
            (mood.error_500, roll * 1000 % 2 < 1, _reply(500)),
            (mood.throttled, False, _reply(429, retry_after_s=7.0)),
            (mood.unavailable, False, _reply(503)),
            (mood.unauthorized, False, _reply(401)),
            (mood.refused, False, _reply(400)),
            (mood.silent, roll * 1000 % 2 < 1, None),
            (mood.garbage, roll * 1000 % 2 < 1, _reply(200)),
            (
                mood.accepted_then_lost,
                True,
                NoReply("broken", handed_over=True, detail="reset", duration_s=0.0),
            ),
            (
                mood.no_connection,
                False,
                NoReply("connect", handed_over=False, detail="refused", duration_s=0.0),
            ),
        ]
        for share, accepted, outcome in rows:
            if roll < share:
                return accepted, outcome
            roll -= share
        return True, _reply(200, code=0)


def _reply(status: int, *, code: int | None = None, retry_after_s: float | None = None) -> Reply:
    return Reply(status=status, code=code, retry_after_s=retry_after_s, excerpt="", duration_s=0.0)
