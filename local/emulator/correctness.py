"""Behaviour of AWS that MiniStack 1.5.33 lacks and Carillon relies on. Always on.

Each function patches one thing, cites what AWS does, and has a test in
tests/contract/test_emulator_workarounds.py that fails once MiniStack no longer needs it.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from ministack.core import concurrency

from local.emulator import fair_queues, sign_in

# A mapping without work looks again this often, for messages whose delay or visibility timeout
# just ended: nothing announces those.
IDLE_POLL_S = 0.25
# A wake-up may be about another source; this bounds what looking in vain costs.
WAKE_GAP_S = 0.02
# A batch of more than ten records demands a window of at least so much …
RECEIVE_MAX = 10
BATCH_WINDOW_S = 1.0
# … which is not waited out when nothing more came for this long: a person waits for a lone message.
BATCH_LULL_S = 0.05
BATCH_LOOK_S = 0.01
# How long a new event source mapping may wait for its poller.
NEW_MAPPING_POLL_S = 0.25
# MiniStack's own default. A name only: boto3 asks the endpoint and sends the address along.
QUEUE_ADDRESS_PORT = "4566"


class Wake:
    """Tells every poller that some source has work; takes the place of MiniStack's one event.

    That event is cleared by its only listener; with a listener per mapping each needs its own.
    """

    def __init__(self) -> None:
        self._listeners: list[threading.Event] = []
        self.count = 0

    def listener(self) -> threading.Event:
        event = threading.Event()
        self._listeners.append(event)
        return event

    def set(self) -> None:
        self.count += 1
        for event in self._listeners:
            if not event.is_set():  # else its listener has yet to look, and finds this too
                event.set()


class Pollers:
    """One poller per event source mapping.

    AWS: "Lambda polls each event source independently"; a slow stream handler never delays a
    queue. MiniStack polls all sources in one thread and runs stream handlers in that very thread.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
    """

    def __init__(self, lambda_service: Any, wake: Wake) -> None:
        self._lambda = lambda_service
        self._wake = wake
        self._mine = threading.local()
        self._polled: set[object] = set()
        self._all_mappings: Callable[[], Iterator[tuple[str, str, dict[str, Any]]]] = (
            lambda_service._iter_all_esms
        )
        self._stopping = threading.Event()
        self._busy: set[object] = set()

    def install(self) -> None:
        self._lambda._iter_all_esms = self._mappings_of_this_thread
        self._lambda._poll_loop = self._supervise

    def events(self) -> int:
        """How often any source had news; grows whenever the account changed without a request."""
        return self._wake.count

    def stop(self) -> None:
        """Take no further batch; those in flight go on."""
        self._stopping.set()
        self._wake.set()

    def in_flight(self) -> int:
        """Batches that some function still works on."""
        return int(sum(self._lambda._esm_inflight.values())) + len(self._busy)

    def _mappings_of_this_thread(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        uuid = getattr(self._mine, "uuid", None)
        for account, region, mapping in self._all_mappings():
            if uuid is None or mapping["UUID"] == uuid:
                yield account, region, mapping

    def _supervise(self) -> None:
        while not self._stopping.wait(NEW_MAPPING_POLL_S):
            for _, _, mapping in self._all_mappings():
                if mapping["UUID"] not in self._polled:
                    self._polled.add(mapping["UUID"])
                    concurrency.spawn_background(
                        self._poll,
                        mapping["UUID"],
                        mapping["EventSourceArn"],
                        thread_name=f"poller-{mapping['FunctionName']}",
                    )

    def _poll(self, uuid: str, source_arn: str) -> None:
        self._mine.uuid = uuid
        is_queue = source_arn.startswith("arn:aws:sqs:")
        poll = self._lambda._poll_sqs if is_queue else self._lambda._poll_dynamodb_streams
        woken = self._wake.listener()
        while not self._stopping.is_set():
            woken.clear()
            self._busy.add(uuid)
            try:
                found = poll()
            except Exception:
                # Whatever it was, the mapping must be polled again: AWS never gives one up.
                self._lambda.logger.exception("poller of %s failed", source_arn)
                found = False
            finally:
                self._busy.discard(uuid)
            if not found:
                woken.wait(IDLE_POLL_S)
                self._stopping.wait(WAKE_GAP_S)


def receive_whole_batches(sqs: Any) -> None:
    """Give a queue's mapping batches as large as it asks for.

    AWS: a batch of a standard queue may hold up to 10,000 records, of more than ten with a
    window, in which Lambda gathers them. MiniStack never takes more than the ten of a
    ReceiveMessage call, nor waits for them.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
    """

    def waiting(queue_url: str, at_most: int) -> int:
        now = time.time()
        with sqs._queues_lock:
            records = sqs._get_q(queue_url)["messages"]
            return sum(1 for _ in islice((r for r in records if r["visible_at"] <= now), at_most))

    def gather(queue_url: str, batch_size: int) -> None:
        found, grew_at = 0, time.monotonic()
        over_at = grew_at + BATCH_WINDOW_S
        while (known := waiting(queue_url, batch_size)) and known < batch_size:
            now = time.monotonic()
            if known > found:
                found, grew_at = known, now
            if now > min(grew_at + BATCH_LULL_S, over_at):
                return
            time.sleep(BATCH_LOOK_S)

    def receive(queue_url: str, batch_size: int) -> list[dict[str, Any]]:
        if batch_size > RECEIVE_MAX:
            gather(queue_url, batch_size)
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            visibility_s = int(queue["attributes"].get("VisibilityTimeout", "30"))
            sqs._expire_retained(queue)
            sqs._dlq_sweep(queue)
            batch: list[dict[str, Any]] = sqs._collect_msgs(queue, batch_size, visibility_s)
            return batch

    sqs._receive_messages_for_esm = receive


def keep_queue_addresses(sqs: Any) -> None:
    """Let a queue keep its address when the emulator listens on another port than yesterday.

    AWS: the address of a queue never changes. MiniStack makes it of its own port, keeps the old
    one with the queue, and no longer finds the queue of an event source mapping.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    """
    sqs.DEFAULT_PORT = QUEUE_ADDRESS_PORT


def stream_partiql_writes(dynamodb: Any) -> None:
    """Put what a PartiQL statement wrote on the table's stream.

    AWS: a stream record is written "whenever an application creates, updates, or deletes items",
    however it does so. MiniStack forgets it for PartiQL.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    """

    def streamed(write: Callable[..., Any], key_of: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(write)
        def wrapper(table: dict[str, Any], parsed: dict[str, Any], *rest: Any) -> Any:
            partition, sort = key_of(table, parsed)
            before = table["items"].get(partition, {}).get(sort)
            answer = write(table, parsed, *rest)
            after = table["items"].get(partition, {}).get(sort)
            if before is not after:
                event = "INSERT" if before is None else "REMOVE" if after is None else "MODIFY"
                dynamodb._emit_stream_event(table["TableName"], event, before, after)
            return answer

        return wrapper

    def inserted(table: dict[str, Any], parsed: dict[str, Any]) -> tuple[Any, Any]:
        item = parsed.get("item", {})
        key = (item.get(table["pk_name"]), item.get(table["sk_name"] or ""))
        partition, sort = (dynamodb._extract_key_val(value) for value in key)
        return partition, sort if table["sk_name"] else "__no_sort__"

    def named_in_where(table: dict[str, Any], parsed: dict[str, Any]) -> tuple[Any, Any]:
        partition, sort, _condition, _error = dynamodb._partiql_key_target(table, parsed)
        return partition, sort

    dynamodb._partiql_insert = streamed(dynamodb._partiql_insert, inserted)
    dynamodb._partiql_update = streamed(dynamodb._partiql_update, named_in_where)
    dynamodb._partiql_delete = streamed(dynamodb._partiql_delete, named_in_where)


def install() -> Pollers:
    """Apply all of them. To be called before anything else imports MiniStack's services."""
    wake = Wake()
    concurrency.esm_wake = wake  # every service imports this name when it is loaded

    from ministack.services import apigateway, dynamodb, lambda_svc, sqs
    from ministack.services.cloudformation import provisioners

    pollers = Pollers(lambda_svc, wake)
    pollers.install()
    receive_whole_batches(sqs)
    fair_queues.install(sqs)
    keep_queue_addresses(sqs)
    stream_partiql_writes(dynamodb)
    sign_in.install(apigateway, provisioners)
    return pollers
