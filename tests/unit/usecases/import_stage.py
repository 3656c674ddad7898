"""An importer over fakes, which may die before or after anything that it does to the world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from carillon.models.client import Client
from carillon.models.imports import Import, ImportStatus
from carillon.usecases.importing import Importing
from carillon.usecases.upserting import Upserting
from tests.fakes import (
    FakeBudget,
    FakeClients,
    FakeClock,
    FakeCreations,
    FakeImportedClients,
    FakeImportQueue,
    FakeImports,
    FakeRefusedLines,
    FakeUploads,
    SeededChance,
)

IMPORT = "i0000001"
PAGE_ROWS = 4
ROUNDS_MAX = 100


class Crash(Exception):
    """The worker is gone."""


@dataclass
class Fate:
    """Ends the worker at one of its calls of a port: before it took effect, or after."""

    at: int | None = None
    after: bool = False
    calls: int = 0

    def meet(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        number, self.calls = self.calls, self.calls + 1
        if number == self.at and not self.after:
            raise Crash
        answer = call(*args, **kwargs)
        if number == self.at:
            raise Crash
        return answer


class Mortal:
    """A port whose every call may be the worker's last."""

    def __init__(self, port: object, fate: Fate) -> None:
        self._port, self._fate = port, fate

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)
        return lambda *args, **kwargs: self._fate.meet(call, *args, **kwargs)


@dataclass
class ImportStage:
    """One import whose file is `content`."""

    content: bytes
    fate: Fate = field(default_factory=Fate)
    page_rows: int = PAGE_ROWS

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.chance = SeededChance()
        self.clients = FakeClients(FakeCreations(self.clock))
        self.imports = FakeImports(FakeCreations(self.clock))
        self.imported = FakeImportedClients(self.clients, self.imports)
        self.uploads = FakeUploads()
        self.refused = FakeRefusedLines()
        self.queue = FakeImportQueue(self.clock)
        self.imports.add(Import.new(IMPORT, self.clock.now()), None)
        self.uploads.files[IMPORT] = self.content
        self.importing = self.worker()

    def worker(self, **other: Any) -> Importing:
        """One with the same world, and some ports replaced."""
        ports = {
            "imports": self.imports,
            "uploads": self.uploads,
            "refused": self.refused,
            "queue": self.queue,
            "clients": self.imported,
        }
        mortal: dict[str, Any] = {
            name: Mortal(port, self.fate) for name, port in (ports | other).items()
        }
        upserting = Upserting(clients=mortal.pop("clients"), clock=self.clock, chance=self.chance)
        return Importing(**mortal, upserting=upserting, clock=self.clock, page_rows=self.page_rows)

    @property
    def now(self) -> Import:
        """The import."""
        return self.imports.by_id[IMPORT]

    def work(self, *, seconds: float = 900) -> None:
        """One invocation."""
        self.importing.run(IMPORT, FakeBudget(self.clock, seconds=seconds))

    def finish(self) -> Import:
        """Invocation after invocation, as the queue gives the record again to the next worker."""
        for _ in range(ROUNDS_MAX):
            try:
                self.work()
            except Crash:
                self.clock.advance(60)
                continue
            if self.now.status not in (ImportStatus.AWAITING_UPLOAD, ImportStatus.RUNNING):
                return self.now
        raise AssertionError("it goes round and round")

    def people(self) -> dict[str, Client]:
        """The clients by phone."""
        return {client.phone: client for client in self.clients.by_id.values()}

    def refused_text(self) -> str:
        """All refused lines, in order."""
        pages = range(self.now.rejected_pages)
        assert set(self.refused.pages) == {(IMPORT, page) for page in pages}
        return "".join(self.refused.pages[IMPORT, page] for page in pages)

    def account(self) -> dict[str, Any]:
        """What must come out the same, however often the worker died: all but ids and times."""
        times = {"updated_at", "finished_at", "created_at", "rev"}
        return {
            "import": self.now.model_dump(exclude=times),
            "refused": self.refused_text(),
            "clients": {
                phone: client.model_dump(exclude={"id", "created_at", "updated_at"})
                for phone, client in sorted(self.people().items())
            },
        }
