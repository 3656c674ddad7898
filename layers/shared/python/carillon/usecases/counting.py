"""From changes of messages to exact counters.

Stream batches come again, and come again longer. Each shard's position is moved in the same
transaction as the counters, and records at or before it are skipped, so each change counts once.
When a mailing's last pending message is settled, this is who notices and asks to close it.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.errors import Unavailable
from carillon.models.commands import Close, Command
from carillon.models.measures import FIRST_AFTER, LOST, LOST_AS, MADE, OUTCOMES
from carillon.models.message import Message, MessageStatus
from carillon.models.records import MessageChange
from carillon.models.statistics import TIMELINE_FIELDS, Counts, Increments, error_counter
from carillon.policy.answers import counted_as
from carillon.policy.measured import after_start_s
from carillon.ports import Commands, Mailings, Measures, StatisticsTable

logger = logging.getLogger(__name__)

logger = logging.getLogger(__name__)

TRANSACTION_ITEMS_MAX = 100
"""DynamoDB, TransactWriteItems; one of them is the shard's position."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts batches of changes of one shard, in order."""

    statistics: StatisticsTable
    commands: Commands
    mailings: Mailings
    measures: Measures

    def count(self, shard: str, changes: Sequence[MessageChange]) -> None:
        """Add what was not counted yet; LostRace or Unavailable ask for the batch again."""
        position = self.statistics.position(shard)
        fresh = [each for each in changes if position is None or int(each.sequence) > int(position)]
        # Before it is counted: told twice, when the batch comes again, is better than not at all.
        _tell_ended(fresh)
        for last, increments in _transactions(fresh):
            self.statistics.count(shard, before=position, after=last, increments=increments)
            position = last
            self._measure(increments)
        _tell_counted(fresh, repeated=len(changes) - len(fresh))
        # Also for what was counted before: this batch may be here again because asking failed.
        counts = self._ask_to_close(changes)
        self._measure_first(fresh, counts)

    def _measure(self, increments: Increments) -> None:
        made = sum(moves.get("total", 0) for moves in increments.counts.values())
        if made:
            self.measures.add(MADE, made)
        for moves in increments.minutes.values():
            for name in OUTCOMES.keys() & moves.keys():
                self.measures.add(OUTCOMES[name], moves[name])
                if name in LOST_AS:
                    self.measures.add(LOST, moves[name])

    def _measure_first(self, fresh: Sequence[MessageChange], counts: Mapping[str, Counts]) -> None:
        """Time the first message of a mailing: all that were ever sent of it are among these."""
        sent: dict[str, list[datetime]] = defaultdict(list)
        for each in fresh:
            new, before = each.new, each.old.status if each.old else None
            if new is not None and new.status is MessageStatus.SENT is not before:
                sent[new.mailing_id].append(new.updated_at)
        for mailing_id, times in sent.items():
            if counts[mailing_id].sent == len(times):
                self._time(mailing_id, min(times))

    def _time(self, mailing_id: str, at: datetime) -> None:
        """One eventual read in the life of a mailing; what cannot be read is not timed."""
        try:
            mailing = self.mailings.get(mailing_id, consistent=False)
        except Unavailable as error:
            logger.warning("first message not timed", extra={"error": str(error)})
            return
        if mailing is not None and mailing.resends == 0:
            self.measures.add(FIRST_AFTER, after_start_s(mailing, at))

    def _ask_to_close(self, changes: Sequence[MessageChange]) -> Mapping[str, Counts]:
        """Returns the counts of the mailings of which something was settled."""
        settled = {
            each.new.mailing_id for each in changes if each.new is not None and _has_ended(each)
        }
        if not settled:
            return {}
        counts = {each: self.statistics.counts_of(each) for each in sorted(settled)}
        complete: list[Command] = [
            Close(mailing_id=mailing_id)
            for mailing_id in sorted(settled)
            if counts[mailing_id].pending == 0
        ]
        self.commands.send(complete)
        for each in complete:
            logger.info("nothing is pending", extra=each.model_dump(include={"mailing_id"}))
        return counts


def _transactions(changes: Sequence[MessageChange]) -> Iterator[tuple[str, Increments]]:
    """Cut a batch so that each part fits one transaction; yields (last sequence, increments)."""
    increments, last = Increments(), None
    for change in changes:
        # A change adds to at most its mailing, the overall counters and three minutes' items.
        if last is not None and increments.items() + 5 > TRANSACTION_ITEMS_MAX - 1:
            yield last, increments
            increments = Increments()
        _add(increments, change)
        last = change.sequence
    if last is not None:
        yield last, increments


def _add(increments: Increments, change: MessageChange) -> None:
    old, new = change.old, change.new
    if new is None:
        return  # removed by its retention or with its mailing: what happened did happen
    if old is not None:
        _count(increments, old, -1)
    _count(increments, new, 1)
    if (old is None or old.status is not new.status) and new.status in TIMELINE_FIELDS:
        increments.note(new.mailing_id, new.updated_at, new.status)
    if old is not None and new.attempts > old.attempts > 0:
        increments.note(new.mailing_id, new.updated_at, "retried")


def _count(increments: Increments, message: Message, sign: int) -> None:
    """What a message contributes, in the counters of the recount that it is counted in.

    A message that is not sent counts under its last error as well, until it has another or none.
    """
    for name, number in (("total", 1), (message.status, 1), ("attempts", message.attempts)):
        if number:
            increments.move(message.mailing_id, message.recount, name, sign * number)
    if message.last_error is not None and message.status is not MessageStatus.SENT:
        error = error_counter(counted_as(message.last_error))
        increments.move(message.mailing_id, message.recount, error, sign)


def _tell_ended(fresh: Sequence[MessageChange]) -> None:
    """A line for all messages of a mailing that ended alike.

    Whoever settled them has said so too; but where that line was lost with its invocation, the
    stream still brings the change.
    """
    ended: defaultdict[tuple[str, MessageStatus], list[str]] = defaultdict(list)
    for change in fresh:
        if change.new is not None and _has_ended(change):
            ended[change.new.mailing_id, change.new.status].append(change.new.client_id)
    for (mailing_id, status), ids in ended.items():
        keys = {"message_status": status, "client_ids": ids}
        logger.info("messages ended", extra={"mailing_id": mailing_id, **keys})


def _tell_counted(fresh: Sequence[MessageChange], *, repeated: int) -> None:
    """A line for each mailing, up to which place in the stream."""
    if repeated:
        logger.info("changes were counted before", extra={"changes": repeated})
    mailings = Counter(each.new.mailing_id for each in fresh if each.new is not None)
    for mailing_id, changes in mailings.items():
        keys = {"changes": changes, "record_id": fresh[-1].sequence}
        logger.info("changes counted", extra={"mailing_id": mailing_id, **keys})


def _has_ended(change: MessageChange) -> bool:
    old, new = change.old, change.new
    if new is None or new.status is MessageStatus.PENDING:
        return False
    return old is None or old.status is not new.status
