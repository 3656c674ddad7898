"""A standard queue of SQS: at least once, in no order, with delays, visibility and dead letters."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from tests.simulation.faults import Faults
from tests.simulation.kernel import Kernel

RECEIVES_MAX = 10

Handle = Callable[[Sequence["Held"]], Collection[str]]
"""A function invoked with a batch; returns the ids of the records that must come again."""


@dataclass(slots=True)
class Held:
    """A record in the queue; `turn` counts what may make it visible, so that old timers lapse."""

    id: str
    body: str
    receives: int = 0
    turn: int = 0
    deleted: bool = False


class SimulatedQueue:
    """Holds records and invokes `handle` with batches of them, each in a process of its own."""

    def __init__(
        self,
        kernel: Kernel,
        faults: Faults,
        *,
        batch_max: int,
        timeout_s: float,
        visibility_s: float,
    ) -> None:
        self.handle: Handle = lambda _: ()
        self.dead_letters: list[Held] = []
        self._kernel = kernel
        self._faults = faults
        self._batch_max = batch_max
        self._timeout_s = timeout_s
        self._visibility_s = visibility_s
        self._held: dict[str, Held] = {}
        self._visible: list[Held] = []
        self._numbers = 0
        self._poll_is_due = False

    def __len__(self) -> int:
        return len(self._held)

    def put(self, body: str, delay_s: float) -> None:
        """Send a record; sometimes it is there twice, sometimes it takes its time."""
        for _ in range(2 if self._faults.strikes("record_twice") else 1):
            self._numbers += 1
            record = self._held[str(self._numbers)] = Held(id=str(self._numbers), body=body)
            late = self._faults.strikes("record_late")
            self._show_after(record, delay_s + (self._kernel.dice.uniform(0, 40) if late else 0))

    def defer(self, receipt: str, delay_s: float) -> None:
        """Change a received record's visibility; a receipt that is no longer valid is ignored."""
        record = self._held.get(receipt)
        if record is not None:
            self._show_after(record, delay_s)

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
            self._kernel.after(0.02, self._poll)

    def _poll(self) -> None:
        """Hand out what is visible, in random order and batches of random size."""
        self._poll_is_due = False
        waiting, self._visible = self._visible, []
        self._kernel.dice.shuffle(waiting)
        while waiting:
            size = self._kernel.dice.randint(1, self._batch_max)
            self._invoke([each for each in waiting[:size] if self._receive(each)])
            waiting = waiting[size:]

    def _receive(self, record: Held) -> bool:
        record.receives += 1
        if record.receives > RECEIVES_MAX:
            self._delete(record)
            self.dead_letters.append(record)
            return False
        # Visible again after its timeout, even while the function still works on it.
        self._show_after(record, self._visibility_s)
        return True

    def _delete(self, record: Held) -> None:
        record.deleted = True
        self._held.pop(record.id, None)

    def _invoke(self, batch: Sequence[Held]) -> None:
        if not batch:
            return

        def work() -> None:
            again = self.handle(batch)
            for each in batch:
                if each.id not in again:
                    self._delete(each)

        self._kernel.run_process(work, timeout_s=self._timeout_s)
