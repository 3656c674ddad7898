"""What a sender's calls are like is written down for people to look at: once a batch, one write.

It is a gauge beside the work. What cannot be written is lost, and no message waits for it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from carillon.errors import Unavailable
from carillon.models.conduct import BreakerNote, Conduct, Trouble, bucket_of, rounded_up_ms
from carillon.models.gateway import GatewayOutcome, NoReply, PlannedCall
from carillon.models.measures import LATENCY
from carillon.policy.answers import Accepted, Refused, TryAgain, Verdict, classify
from carillon.policy.measured import call_measures
from carillon.ports import Calls, Clock, GatewayJournal, Measures
from carillon.usecases.breaker import SenderBreaker

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Observing:
    """The port `Calls`, which looks at each answer on its way back; one for each sender process."""

    calls: Calls
    breaker: SenderBreaker
    journal: GatewayJournal
    clock: Clock
    measures: Measures
    _seen: Conduct = field(default_factory=Conduct)
    _told_open: bool = False

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make the calls and pass on what came of them."""
        for group in self.calls.make(calls):
            for _, outcome in group:
                self._look_at(outcome)
            yield group

    def write_down(self) -> None:
        """What was seen since the last time, in the minute of now; nothing without a call.

        A breaker opens, stays open and closes by answers alone, so that it is told with them.
        """
        seen, self._seen = self._seen, Conduct()
        if not seen.calls:
            return
        now, until = self.clock.now(), self.breaker.open_until
        if until is not None or self._told_open:
            seen = seen.plus(Conduct(breaker=BreakerNote(until)))
        try:
            self.journal.note(now.replace(second=0, microsecond=0), seen)
        except Unavailable as error:
            logger.warning("calls not written down", extra={"error": str(error)})
            return
        self._told_open = until is not None

    def _look_at(self, outcome: GatewayOutcome) -> None:
        if isinstance(outcome, NoReply) and outcome.cause == "not_called":
            return
        took = {bucket_of(outcome.duration_s): 1}
        time = Conduct(took=took, slowest_ms=rounded_up_ms(outcome.duration_s))
        self._seen = self._seen.plus(time).plus(_ended(classify(outcome), self.clock.now()))
        self.measures.add(LATENCY, round(outcome.duration_s * 1000))
        for measure in call_measures(outcome):
            self.measures.add(measure)


def _ended(verdict: Verdict, at: datetime) -> Conduct:
    """How one call ended."""
    match verdict:
        case Accepted():
            return Conduct(accepted=1)
        case Refused(reason=error):
            return Conduct(refused=1, trouble=Trouble(error, at))
        case TryAgain(error=error):
            return Conduct(retried=1, trouble=Trouble(error, at))
