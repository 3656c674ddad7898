"""A DynamoDB stream with its event source: in order, at least once, and a failed batch comes again,
often longer than before."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.simulation.faults import Faults
from tests.simulation.kernel import Kernel

BATCH_MAX = 20
TIMEOUT_S = 30.0

Change = tuple[str, Any, Any]
"""(sequence number, old image, new image)."""


class SimulatedStream:
    """Keeps every change and invokes `handle` with batches, one invocation at a time."""

    def __init__(
        self, kernel: Kernel, faults: Faults, handle: Callable[[Sequence[Change]], None]
    ) -> None:
        self._kernel = kernel
        self._faults = faults
        self._handle = handle
        self._changes: list[Change] = []
        self._read = 0
        self._busy = False

    def put(self, old: Any, new: Any) -> None:
        """A write happened."""
        # Sequence numbers grow in length too: compared as text, 1000 would come before 999.
        self._changes.append((str(997 + len(self._changes)), old, new))
        if not self._busy:
            self._busy = True
            self._kernel.after(0.1, self._poll)

    def _poll(self) -> None:
        size = self._kernel.dice.randint(1, BATCH_MAX)
        batch = self._changes[self._read : self._read + size]
        if not batch:
            self._busy = False
            return
        done = False

        def work() -> None:
            nonlocal done
            self._handle(batch)
            done = True

        def ended() -> None:
            if done and not self._faults.strikes("stream_again"):
                self._read += len(batch)
            self._kernel.after(0.05 if done else 1.0, self._poll)

        self._kernel.run_process(work, timeout_s=TIMEOUT_S, ended=ended)
