"""All numbers that a monitoring system collects, at one moment and with a bounded number of reads.

A scrape reads the 16 parts of the overall counters, one page of the newest mailings, six minutes of
the gateway's journal, the pace if there is one, and the lengths of seven queues. None of that grows
with what Carillon does, so that it may be asked for every few seconds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from carillon.errors import QueuesUnavailable
from carillon.models.conduct import Conduct
from carillon.models.mailing import MailingStatus
from carillon.models.queues import QueueLengths
from carillon.models.statistics import Tally
from carillon.ports import Mailings, QueueGauge, StatisticsTable
from carillon.usecases.gateway import GatewayReport, GatewayState

NEWEST = 200
"""Mailings that are counted by status: nearly always all that are not over yet, and one read of
some 200 KB. There is no counter of mailings, and to read all of them would have no bound."""

CALLS_OF = timedelta(minutes=5)
"""Whole minutes whose calls are told together; a minute's own numbers come in until it is over."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen. `calls` are those of the last five whole minutes; `queues` is None when they
    did not answer."""

    messages: Tally
    mailings: Mapping[MailingStatus, int]
    gateway: GatewayState
    calls: Conduct
    queues: QueueLengths | None


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Reads them."""

    mailings: Mailings
    statistics: StatisticsTable
    gateway: GatewayReport
    queues: QueueGauge

    def read(self) -> Reading:
        """Queues that do not answer leave only their own numbers out."""
        page = self.mailings.page(status=None, limit=NEWEST, cursor=None)
        found = Counter(each.status for each in page.items)
        state = self.gateway.look(CALLS_OF + timedelta(minutes=1))
        calls = Conduct()
        for minute, conduct in state.minutes:
            if minute < state.at.replace(second=0, microsecond=0):
                calls = calls.plus(conduct)
        return Reading(
            messages=self.statistics.overall_tally(),
            mailings={status: found[status] for status in MailingStatus},
            gateway=state,
            calls=calls,
            queues=self._queue_lengths(),
        )

    def _queue_lengths(self) -> QueueLengths | None:
        try:
            return self.queues.read()
        except QueuesUnavailable:
            return None
