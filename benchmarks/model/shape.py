"""How the shipped code goes about it: sizes of pages and batches, and functions' memory.

Kept here so that the model needs nothing but Python; a test holds each number to the code.
"""

from typing import Final

PAGE_CLIENTS: Final = 250
"""Clients that a slice reads at a time: `carillon.usecases.slicing.PAGE_CLIENTS`."""

TURN_S: Final = 20.0
"""After so long a slice hands over to a new invocation: `carillon.usecases.passes.TURN_S`."""

VERIFY_PAGE: Final = 250
"""Messages that closing looks at a time: `carillon.usecases.passes.PAGE_MESSAGES`."""

PARTITION_KEYS: Final = 16
"""Partition keys over which a mailing's messages lie: `carillon.models.message.PARTITIONS`."""

SENDER_BATCH: Final = 100
"""Records that a sender gets at most: `infra.sender`."""

QUEUE_WINDOW_S: Final = 1.0
"""How long Lambda collects them: `infra.queues.MESSAGE_WINDOW_S`."""

STATS_BATCH: Final = 1000
"""Changes that the counters get at most: `infra.stats`."""

PACE_HORIZON_S: Final = 2.0
"""How far ahead slots of the pace are given out: `carillon.policy.pace.HORIZON`."""

MEMORY_MB: Final = {"fanout": 1024, "sender": 1024, "stats": 512}
"""Of each function: `infra.fanout`, `infra.sender`, `infra.stats`."""

WRITES: Final = {"make": 1.0, "send": 2.0}
"""Write units of the messages table: one to insert, two to claim and to record."""

STREAM_RECORDS: Final = WRITES
"""Each write is a change in the stream."""
