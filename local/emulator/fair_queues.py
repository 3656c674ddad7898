"""Fair queues: groups of a standard queue do not wait behind one that has a backlog.

AWS: in a standard queue, the records of a message group that holds far more than its share of what
is in flight come after everybody else's; of several such groups the one with the fewest in flight
comes first. A record without a group is a group of its own. MiniStack gives records out as they
came.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html

AWS looks at the share of the consumers' time too, and calls a group noisy until its backlog is
gone. Here only what is in flight at the moment counts, so nothing has to be remembered.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

Record = dict[str, Any]
"""A record as MiniStack keeps it."""

NOISY_SHARE = 0.1
"""A group with more than this share of all records in flight is noisy, says AWS …"""
NOISY_IN_FLIGHT = 30
"""… if these are at least so many."""


def install(sqs: Any) -> None:
    """Let every receive from a standard queue take turns."""
    collect = sqs._collect_msgs

    def collect_fairly(queue: dict[str, Any], limit: int, visibility_s: int) -> list[Record]:
        if queue["is_fifo"]:
            in_order: list[Record] = collect(queue, limit, visibility_s)
            return in_order
        chosen = next_records(queue["messages"], limit, now=sqs.time.time())
        # A queue of nothing but these, so that they are marked as received in MiniStack's own way.
        fair: list[Record] = collect({**queue, "messages": chosen}, limit, visibility_s)
        return fair

    sqs._collect_msgs = collect_fairly


def next_records(records: Sequence[Record], limit: int, *, now: float) -> list[Record]:
    """The records to hand out, at most `limit`, given all of a queue in the order of arrival.

    One pass over the records; a second one only while some group is noisy.
    """
    in_flight = Counter(
        record.get("group_id") or id(record)
        for record in records
        if record["receive_count"] and record["visible_at"] > now
    )
    fair_share = NOISY_SHARE * sum(in_flight.values())
    noisy = {
        group: count
        for group, count in in_flight.items()
        if count > fair_share and count >= NOISY_IN_FLIGHT
    }
    visible = (record for record in records if record["visible_at"] <= now)
    if not noisy:
        return list(islice(visible, limit))
    quiet = list(islice((r for r in visible if r["group_id"] not in noisy), limit))
    return quiet + list(islice(_least_busy_first(records, noisy, now=now), limit - len(quiet)))


def _least_busy_first(
    records: Sequence[Record], noisy: dict[Any, int], *, now: float
) -> Iterator[Record]:
    """Visible records of noisy groups; each goes to the group with the fewest in flight so far."""

    def waiting(group: object) -> Iterator[Record]:
        return (r for r in records if r["group_id"] == group and r["visible_at"] <= now)

    turns = [(count, group, waiting(group)) for group, count in noisy.items()]
    heapq.heapify(turns)
    while turns:
        count, group, theirs = turns[0]
        if (record := next(theirs, None)) is None:
            heapq.heappop(turns)
        else:
            yield record
            heapq.heapreplace(turns, (count + 1, group, theirs))
