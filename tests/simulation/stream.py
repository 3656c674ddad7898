"""A shard of a DynamoDB stream with its event source: in order, at least once, and a failed batch
comes again, often longer than before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carillon.adapters.events import Event as LambdaEvent
from tests.simulation.faults import Faults
from tests.simulation.kernel import Kernel, Process

BATCH_MAX = 20
TIMEOUT_S = 30.0

Image = dict[str, Any]
Handle = Callable[[LambdaEvent], object]


@dataclass(frozen=True, slots=True)
class Layout:
    """How things are laid out in the table: the whole item, and its key."""

    item: Callable[[Any], Image]
    key: tuple[str, str]


class SimulatedShard:
    """Keeps every change and invokes `handle` with batches, one invocation at a time."""

    def __init__(
        self, kernel: Kernel, faults: Faults, layout: Layout, *, name: str, handle: Handle
    ) -> None:
        self._kernel = kernel
        self._faults = faults
        self._layout = layout
        self._name = name
        self._handle = handle
        self._records: list[LambdaEvent] = []
        self._read = 0
        self._busy = False

    @property
    def is_drained(self) -> bool:
        """Whether everything was handled."""
        return self._read == len(self._records)

    def put(self, old: Any, new: Any) -> None:
        """A write happened; a later version of us may write to the same table."""
        images = {"OldImage": old, "NewImage": new}
        self._append({name: self._layout.item(each) for name, each in images.items() if each})
        if self._faults.strikes("stream_foreign"):
            self._append({"NewImage": _of_the_future(self._layout.item(new or old))})
        if not self._busy:
            self._busy = True
            self._kernel.after(0.1, self._poll)

    def _append(self, images: dict[str, Image]) -> None:
        some = next(iter(images.values()))
        # Sequence numbers grow in length too: compared as text, 1000 would come before 999.
        number = str(997 + len(self._records))
        keys = {name: some[name] for name in self._layout.key}
        self._records.append(
            {
                "eventID": number,
                "eventName": _event_name(images),
                "eventSourceARN": f"arn:aws:dynamodb:::{self._name}",
                "dynamodb": {"Keys": keys, "SequenceNumber": number, **images},
            }
        )

    def _poll(self) -> None:
        size = self._kernel.dice.randint(1, BATCH_MAX)
        batch = self._records[self._read : self._read + size]
        if not batch:
            self._busy = False
            self._kernel.run_process(self._window_ends, timeout_s=TIMEOUT_S)
            return

        def ended(process: Process) -> None:
            if process.returned and not self._faults.strikes("stream_again"):
                self._read += len(batch)
            self._kernel.after(0.05 if process.returned else 1.0, self._poll)

        self._kernel.run_process(
            lambda: self._handle({"shardId": self._name, "Records": batch}),
            timeout_s=TIMEOUT_S,
            ended=ended,
        )

    def _window_ends(self) -> None:
        """A tumbling window's last call comes without records."""
        self._handle({"shardId": self._name, "Records": [], "isFinalInvokeForWindow": True})


def _event_name(images: dict[str, Image]) -> str:
    if "NewImage" not in images:
        return "REMOVE"
    return "MODIFY" if "OldImage" in images else "INSERT"


def _of_the_future(image: Image) -> Image:
    """An item with a status and a field that this version does not know."""
    return {**image, "status": {"S": "teleported"}, "wormhole": {"N": "1"}}
