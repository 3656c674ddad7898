"""A standard queue of SQS: at least once, in no order, with delays, visibility and dead letters."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from carillon.adapters.events import Event as LambdaEvent
from tests.simulation.faults import Faults
from tests.simulation.kernel import Kernel, Process

RECEIVES_MAX = 10

PURGE_MISSES = (0.0, 0.1, 0.3, 0.5)
"""SQS, PurgeQueue: the share of the records that is still there when it is over."""

NUMBERS_LAG = timedelta(seconds=60)
"""SQS, GetQueueAttributes: the numbers are eventually right, within a minute."""

FOREIGN = ("", "null", "{}", '{"kind": "dance", "mailing_id": "m"}', '{"mailing_id": 7}', "\u0000")
"""Bodies that nobody of us wrote."""

Handle = Callable[[LambdaEvent], LambdaEvent]
"""A function: takes the event that Lambda makes of a batch, answers which records failed."""


@dataclass(slots=True)
class Held:
    """A record in the queue; `turn` counts what may make it visible, so that old timers lapse.

    `blameless` counts the receives that failed although no fault struck.
    """

    id: str
    body: str
    receives: int = 0
    turn: int = 0
    deleted: bool = False
    blameless: int = 0


class SimulatedQueue:
    """Holds records and invokes `handle` with batches of them, each in a process of its own.

    `lengths` and `changes` are what was in it at any time: how many, and which came and went.
    """

    def __init__(
        self,
        kernel: Kernel,
        faults: Faults,
        *,
        handle: Handle,
        batch_max: int,
        timeout_s: float,
        concurrency: int,
        window_s: float = 0.02,
    ) -> None:
        self.dead_letters: list[Held] = []
        self.foreign: list[Held] = []
        self.lengths: list[tuple[datetime, int]] = [(kernel.now(), 0)]
        self.changes: list[tuple[datetime, str, int]] = []
        self._handle = handle
        self._kernel = kernel
        self._faults = faults
        self._batch_max = batch_max
        self._timeout_s = timeout_s
        self._free = concurrency
        self._window_s = window_s
        self._held: dict[str, Held] = {}
        self._visible: list[Held] = []
        self._numbers = 0
        self._poll_is_due = False

    def __len__(self) -> int:
        return len(self._held)

    def waiting(self) -> int:
        """What SQS says about its length, which may have been true a while ago."""
        moment = self._kernel.now()
        if self._faults.strikes("numbers_lag"):
            moment -= NUMBERS_LAG * self._kernel.dice.random()
        return next((length for at, length in reversed(self.lengths) if at <= moment), 0)

    def put(self, body: str, delay_s: float) -> None:
        """Send a record; it may be there twice, take its time, be lost, or have odd neighbours."""
        if self._faults.strikes("record_vanishes"):
            return
        for _ in range(2 if self._faults.strikes("record_twice") else 1):
            late = self._faults.strikes("record_late")
            self._add(body, delay_s + (self._kernel.dice.uniform(0, 40) if late else 0))
        if self._faults.strikes("record_foreign"):
            self.foreign.append(self._add(self._kernel.dice.choice(FOREIGN), 0))

    def purge(self) -> None:
        """Somebody empties it: PurgeQueue takes the records in flight as well, and may miss some
        that were sent just now."""
        kept = self._kernel.dice.choice(PURGE_MISSES)
        for record in list(self._held.values()):
            if self._kernel.dice.random() >= kept:
                self._delete(record)
                self.foreign = [each for each in self.foreign if each is not record]

    def defer(self, receipt: str, delay_s: float) -> None:
        """Change a received record's visibility; a receipt that is no longer valid does nothing."""
        record = self._held.get(receipt.partition("/")[0])
        if record is not None and receipt == f"{record.id}/{record.receives}":
            self._show_after(record, delay_s)

    def _add(self, body: str, delay_s: float) -> Held:
        self._numbers += 1
        record = self._held[str(self._numbers)] = Held(id=str(self._numbers), body=body)
        self._note(record, +1)
        self._show_after(record, delay_s)
        return record

    def _note(self, record: Held, by: int) -> None:
        """A record came, or is there no more."""
        self.lengths.append((self._kernel.now(), len(self._held)))
        self.changes.append((self._kernel.now(), record.body, by))

    def _show_after(self, record: Held, seconds: float) -> None:
        record.turn += 1
        turn = record.turn

        def show() -> None:
            if not record.deleted and record.turn == turn:
                self._visible.append(record)
                self._poll_soon()

        self._kernel.after(seconds, show)

    def _poll_soon(self) -> None:
        if not self._poll_is_due:
            self._poll_is_due = True
            self._kernel.after(self._window_s, self._poll)

    def _poll(self) -> None:
        """Hand out what is visible, in random order and batches of random size.

        What there is no function for stays where it is.
        """
        self._poll_is_due = False
        waiting, self._visible = self._visible, []
        self._kernel.dice.shuffle(waiting)
        while waiting and self._free > 0:
            size = self._kernel.dice.randint(1, self._batch_max)
            batch = [each for each in waiting[:size] if self._receive(each)]
            if batch:
                self._invoke(batch)
            waiting = waiting[size:]
        self._visible += waiting

    def _receive(self, record: Held) -> bool:
        if record.deleted:
            return False
        record.receives += 1
        if record.receives > RECEIVES_MAX:
            self._delete(record)
            self.dead_letters.append(record)
            return False
        # Six times the function's timeout, as the stack sets it.
        short = self._faults.strikes("visibility_short")
        self._show_after(record, self._kernel.dice.uniform(0, 20) if short else 6 * self._timeout_s)
        return True

    def _delete(self, record: Held) -> None:
        record.deleted = True
        if self._held.pop(record.id, None) is not None:
            self._note(record, -1)

    def _invoke(self, batch: Sequence[Held]) -> None:
        receipts = {each.id: each.receives for each in batch}
        again: Collection[str] = receipts.keys()

        def work() -> None:
            nonlocal again
            answer = self._handle({"Records": [_lambda_record(each) for each in batch]})
            again = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            for each in batch:
                if each.id in again:
                    continue
                # Received again meanwhile, its old receipt may not be good for deleting it.
                if each.receives == receipts[each.id] or self._kernel.dice.random() < 0.5:
                    self._delete(each)

        def ended(process: Process) -> None:
            for each in batch:
                each.blameless += each.id in again and not process.met
            self._free += 1
            if self._visible:
                self._poll_soon()

        self._free -= 1
        timed_out = partial(self._faults.note, "timed_out")
        self._kernel.run_process(work, timeout_s=self._timeout_s, timed_out=timed_out, ended=ended)


def _lambda_record(record: Held) -> LambdaEvent:
    return {
        "messageId": record.id,
        "receiptHandle": f"{record.id}/{record.receives}",
        "body": record.body,
        "attributes": {"ApproximateReceiveCount": str(record.receives)},
    }
