"""An import of very many clients, in invocations that are too short for it, and killed.

The figures are printed. What is asserted holds on any machine; how long it takes does not.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from local.stack import LocalStack
from local.workers import peak_memory_mb, workers_of
from tests.e2e import importing
from tests.e2e.operator import Operator
from tests.e2e.own_stack import own_stack
from tests.e2e.scheduling import queue_number

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

ROWS = 200_000
BAD_EVERY = 1_000
LIMIT_S = 1700

IMPORTER_TIMEOUT_S = 15
"""The least that the settings allow, so that a file takes many invocations."""
KILLS = 2
"""What a killed worker had comes again after its queue's visibility timeout, 90 s here."""
KILLED_EVERY_S = (3, 8)

GROWTH_MB_MAX = 25
"""How much more memory a worker may need for 200,000 rows than for 20,000: less than the file."""


@pytest.fixture(scope="module")
def large_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("import")
    with own_stack(folder, importer_timeout_s=str(IMPORTER_TIMEOUT_S)) as stack:
        yield stack


def _file(first: int, rows: int) -> bytes:
    """Long tags, so that what is held of the file would show."""
    tags = ";".join(f"{letter * 60}" for letter in "abc")
    lines = ["phone,tags,timezone"]
    for n in range(first, first + rows):
        phone = f"79{n:09d}" if n % BAD_EVERY else f"+79{n:09d}"
        lines.append(f"{phone},{tags},Europe/Moscow")
    return "\r\n".join(lines).encode()


@dataclass
class Watch:
    """Looks on while a file is imported; kills some of the importer's processes meanwhile."""

    stack: LocalStack
    kills: int = 0
    killed: int = 0
    peaks_mb: dict[int, float] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))
    _next_kill_s: float = 3

    def look(self) -> None:
        workers = workers_of(self.stack, "ImporterFunction")
        for each in workers:
            self.peaks_mb[each.pid] = peak_memory_mb(each) or self.peaks_mb.get(each.pid, 0)
        if self.killed < self.kills and time.monotonic() - self._began > self._next_kill_s:
            self._next_kill_s += self._chance.uniform(*KILLED_EVERY_S)
            if workers:
                self.killed += self._chance.choice(workers).kill()

    @property
    def peak_mb(self) -> float:
        """The most that any worker held."""
        return max(self.peaks_mb.values())


def test_200_000_clients_are_imported_in_the_memory_of_a_few(
    large_stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    operator = Operator(large_stack, "imported")
    small, large = Watch(large_stack), Watch(large_stack)

    few = importing.run(
        operator, _file(10**8, ROWS // 10), limit_s=LIMIT_S, meanwhile=small.look
    ).view
    content = _file(0, ROWS)
    done = importing.run(operator, content, limit_s=LIMIT_S, meanwhile=large.look)

    bad = ROWS // BAD_EVERY
    with capsys.disabled():
        print(
            f"\n{ROWS} rows ({len(content) / 1e6:.0f} MB) imported in {done.took_s:.0f} s,"
            f" {ROWS / done.took_s:.0f} a second, in invocations of at most"
            f" {IMPORTER_TIMEOUT_S} s. Peak memory of a worker: {large.peak_mb:.0f} MB,"
            f" for a tenth of the rows: {small.peak_mb:.0f} MB."
        )
    assert _counts(few) == (ROWS // 10 - bad // 10, 0, bad // 10)
    assert _counts(done.view) == (ROWS - bad, 0, bad)
    assert importing.rejected(operator, done.view).count("\r\n") == bad + 1
    assert large.peak_mb < small.peak_mb + GROWTH_MB_MAX


def test_workers_that_are_killed_change_no_count(
    large_stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    operator = Operator(large_stack, "imported")
    rows = ROWS // 4
    watch = Watch(large_stack, KILLS)

    done = importing.run(operator, _file(2 * 10**8, rows), limit_s=LIMIT_S, meanwhile=watch.look)

    with capsys.disabled():
        print(
            f"\n{rows} rows imported in {done.took_s:.0f} s,"
            f" {watch.killed} workers were killed meanwhile."
        )
    bad = rows // BAD_EVERY
    assert watch.killed > 0
    assert _counts(done.view) == (rows - bad, 0, bad)
    assert queue_number(large_stack, "ImportDeadLettersUrl") == 0


def _counts(view: dict[str, int]) -> tuple[int, int, int]:
    return view["created"], view["updated"], view["rejected"]
