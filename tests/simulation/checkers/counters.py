"""Promise 3, judged by the counters: exact, whatever came twice, and repaired by a recount."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from carillon.models.message import Message, MessageStatus
from carillon.models.recount import Recount
from carillon.models.statistics import TIMELINE_FIELDS
from tests.simulation.checkers.evidence import Evidence, with_next
from tests.simulation.history import Corruption


def counts_are_exact(seen: Evidence) -> Iterator[str]:
    """The counters equal a count of the messages, of attempts too."""
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for (mailing_id, _), message in seen.messages.items():
        expected[mailing_id].update(_share(message))
    spoilt = {each.mailing_id for each in _not_repaired(seen)}
    for mailing_id in seen.mailings:
        statistics = seen.world.cloud.statistics.read(mailing_id)
        counted = statistics.counts.model_dump() | {"attempts": statistics.attempts}
        if mailing_id not in spoilt and _without_zeros(counted) != dict(expected[mailing_id]):
            yield f"mailing {mailing_id} counts {counted}, has {dict(expected[mailing_id])}"


def errors_are_exact(seen: Evidence) -> Iterator[str]:
    """So many messages that are not sent have this error, by name, as a count of them finds."""
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for (mailing_id, _), message in seen.messages.items():
        if message.last_error is not None and message.status is not MessageStatus.SENT:
            expected[mailing_id][message.last_error.partition(" with code")[0]] += 1
    for mailing_id in seen.mailings:
        errors = seen.world.cloud.statistics.read(mailing_id).errors
        if {each.error: each.messages for each in errors} != dict(expected[mailing_id]):
            yield f"mailing {mailing_id} tells of {errors}, has {dict(expected[mailing_id])}"


def the_whole_is_the_sum(seen: Evidence) -> Iterator[str]:
    """The overall counts are those of all messages that ever were, of removed ones as they were.

    One that a slice was still making while its mailing was removed may have been made twice.
    """
    expected: Counter[str] = Counter()
    for events in seen.by_message.values():
        for each, after in with_next(events):
            if after is None or after.old is None:
                expected.update(_share(each.thing))
    for corruption in _not_repaired(seen):
        if _is_cut_short(seen, corruption):
            return  # how far it came does not matter to anybody any more
        expected[corruption.name] += corruption.by
    counted = seen.world.cloud.statistics.everything
    if _without_zeros(counted) != _without_zeros(expected):
        yield f"overall {dict(counted)}, there were {dict(expected)}"


def the_timeline_is_exact(seen: Evidence) -> Iterator[str]:
    """Each minute's moves are those on record, and retries are attempts after the first."""
    expected: dict[tuple[str, datetime], Counter[str]] = defaultdict(Counter)
    for each in seen.history.messages:
        old, new = each.old, each.new
        if new is None or new.mailing_id not in seen.mailings:
            continue
        minute = expected[new.mailing_id, new.updated_at.replace(second=0, microsecond=0)]
        if (old is None or old.status is not new.status) and new.status in TIMELINE_FIELDS:
            minute[new.status] += 1
        if old is not None and new.attempts > old.attempts > 0:
            minute["retried"] += 1
    for mailing_id in seen.mailings:
        for row in seen.world.cloud.statistics.read(mailing_id).timeline:
            told = _without_zeros(row.model_dump(exclude={"minute"}))
            if told != dict(expected.pop((mailing_id, row.minute), {})):
                yield f"mailing {mailing_id} tells of {row}"
    for key, moves in expected.items():
        if moves:
            yield f"mailing {key[0]} does not tell of {dict(moves)} at {key[1]}"


def recounts_finish_and_tell(seen: Evidence) -> Iterator[str]:
    """A recount comes to an end and names exactly what was wrong with the counters."""
    for recount in seen.world.cloud.mailings.recounts:
        if recount.finished_at is None or recount.difference is None:
            yield f"recount {recount} is not over"
            continue
        wrong: Counter[str] = Counter()
        for each in seen.history.corruptions:
            if _repaired_by(seen, each) == recount.number and each.mailing_id == recount.mailing_id:
                wrong[each.name] += each.by
        told = _without_zeros(recount.difference.model_dump())
        if told != _without_zeros(wrong):
            yield f"recount {recount} should tell of {dict(wrong)}"


def _not_repaired(seen: Evidence) -> list[Corruption]:
    return [each for each in seen.history.corruptions if _repaired_by(seen, each) is None]


def _repaired_by(seen: Evidence, corruption: Corruption) -> int | None:
    """The number of the first recount that was asked for afterwards and brought to an end."""
    recount = _recount_after(seen, corruption)
    return recount.number if recount is not None and recount.finished_at else None


def _is_cut_short(seen: Evidence, corruption: Corruption) -> bool:
    """Whether the mailing was purged while a recount was at work on it."""
    recount = _recount_after(seen, corruption)
    return recount is not None and recount.finished_at is None


def _recount_after(seen: Evidence, corruption: Corruption) -> Recount | None:
    for each in seen.by_mailing[corruption.mailing_id]:
        if each.number > corruption.number and each.new and each.new.recounts > each.old.recounts:
            key = (corruption.mailing_id, each.new.recounts)
            recount: Recount = seen.by_recount[key][-1].thing
            return recount
    return None


def _share(message: Message) -> dict[str, int]:
    """What one message adds to the counters."""
    share = {message.status.value: 1, "total": 1, "attempts": message.attempts}
    return {name: n for name, n in share.items() if n}


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {name: n for name, n in counts.items() if n}
