"""An import's account is exact: whatever dies, comes twice, or gets in the way."""

import csv
import dataclasses
import io
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.imports import ERRORS_MAX, Import, ImportFailure, ImportStatus, RunImport
from carillon.policy.client_csv import REFUSED_COLUMNS
from carillon.ports import Addition
from carillon.usecases.importing import FILE_BYTES_MAX, PIECE_BYTES
from tests.fakes import FakeBudget
from tests.fakes.samples import a_client
from tests.unit.usecases.import_stage import IMPORT, Crash, Fate, ImportStage

ZONE = "Europe/Moscow"
HEADER = "phone,operator_code,tags,timezone"


def file(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def a_row(number: int, tags: str = "") -> str:
    return f"7900{number:07d},,{tags},{ZONE}"


def counts(done: Import) -> tuple[int, int, int]:
    assert done.rows == done.created + done.updated + done.rejected
    return done.created, done.updated, done.rejected


LONG = file(
    *(a_row(n, "a") for n in range(1, 6)),
    "bad,,,",
    a_row(2, "b"),
    a_row(6),
    a_row(6, "c"),
    "",
    "worse,9,,Mars",
    *(a_row(n) for n in range(7, 11)),
    a_row(1, "a"),
    a_row(50, "kept"),
)
"""Four pages: phones that come again on the same page and on another, a client that was there."""


def long_stage(fate: Fate | None = None) -> ImportStage:
    stage = ImportStage(LONG, fate or Fate())
    stage.clients.add(a_client(50, tags=("before",)), None)
    stage.clients.add(a_client(3, tags=("a",)), None)
    return stage


def test_an_undisturbed_import() -> None:
    stage = long_stage()
    done = stage.finish()

    assert done.status is ImportStatus.FINISHED
    assert counts(done) == (9, 5, 2)
    assert (done.position.offset, done.size) == (len(LONG), len(LONG))
    assert [(each.line, each.message[:9]) for each in done.errors] == [
        (7, "the phone"),
        (12, "the phone"),
    ]
    people = stage.people()
    assert len(people) == 11
    assert people["79000000002"].tags == ("b",)
    assert people["79000000006"].tags == ("c",)
    assert (people["79000000050"].tags, people["79000000050"].version) == (("kept",), 2)
    assert people["79000000003"].version == 1, "what is as the file has it is not written"
    assert people["79000000001"].version == 1
    read = list(csv.reader(io.StringIO(stage.refused_text(), newline="")))
    assert [dict(zip(REFUSED_COLUMNS, line, strict=True)) for line in read] == [
        {
            "phone": phone,
            "operator_code": code,
            "tags": "",
            "timezone": zone,
            "line": str(each.line),
            "error": each.message,
        }
        for each, phone, code, zone in zip(
            done.errors, ("bad", "worse"), ("", "9"), ("", "Mars"), strict=True
        )
    ]


def _calls() -> int:
    stage = long_stage()
    stage.finish()
    return stage.fate.calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(_calls()))
def test_a_crash_at_any_call_changes_nothing_in_the_end(at: int, after: bool) -> None:
    calm, hurt = long_stage(), long_stage(Fate(at, after=after))
    calm.finish()
    hurt.finish()

    assert hurt.account() == calm.account()
    assert hurt.fate.calls > at, "the worker did die"


@pytest.mark.parametrize("at", range(0, _calls(), 3))
def test_a_worker_that_is_overtaken_does_no_harm(at: int) -> None:
    """Its record came to another too, who does everything while it makes one call."""
    calm, stage = long_stage(), long_stage()
    calm.finish()

    class Overtaken(Fate):
        def meet(self, call: Any, *args: Any, **kwargs: Any) -> Any:
            number, self.calls = self.calls, self.calls + 1
            if number == at:
                other.run(IMPORT, FakeBudget(stage.clock))
            return call(*args, **kwargs)

    other = stage.worker()
    stage.fate = Overtaken()
    stage.worker().run(IMPORT, FakeBudget(stage.clock))

    assert stage.account() == calm.account()


def test_it_goes_on_in_another_invocation_before_its_time_is_over() -> None:
    stage = long_stage()
    rounds = 0
    stage.work(seconds=0.5)
    while taken := stage.queue.take(1):
        assert taken == [RunImport(import_id=IMPORT)]
        rounds += 1
        stage.work(seconds=0.5)

    calm = long_stage()
    calm.finish()
    assert rounds == 4
    assert stage.account() == calm.account()


def test_an_event_that_comes_again_begins_nothing() -> None:
    stage = long_stage()
    done = stage.finish()
    stage.uploads.files[IMPORT] = file(a_row(99))
    stage.work()

    assert stage.now == done
    assert "79000000099" not in stage.people()


def test_an_unknown_import_is_nothing(caplog: pytest.LogCaptureFixture) -> None:
    stage = long_stage()
    stage.importing.run("i0000002", FakeBudget(stage.clock))

    assert [each.message for each in caplog.records] == ["unknown import"]


def test_a_file_that_is_gone_before_it_began_is_awaited_still() -> None:
    stage = long_stage()
    del stage.uploads.files[IMPORT]
    stage.work()

    assert stage.now.status is ImportStatus.AWAITING_UPLOAD
    stage.clock.advance(3600)
    assert stage.now.seen(stage.clock.now()).reason is ImportFailure.NOT_UPLOADED


def test_an_upload_that_ended_late_runs() -> None:
    stage = long_stage()
    stage.clock.advance(7200)

    assert stage.finish().status is ImportStatus.FINISHED


class _Swapping:
    """Another file takes the place of this one before its second piece is read."""

    def __init__(self, stage: ImportStage) -> None:
        self._stage = stage
        self._reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.uploads, name)

    def read(self, *args: Any, **kwargs: Any) -> bytes | None:
        self._reads += 1
        if self._reads == 3:
            self._stage.uploads.files[IMPORT] = file(a_row(9_999_999))
        return self._stage.uploads.read(*args, **kwargs)


def test_a_file_that_is_replaced_under_way_ends_the_import() -> None:
    rows = [a_row(n, "x" * 60) for n in range(PIECE_BYTES // 80)]
    stage = ImportStage(file(*rows), page_rows=500)
    stage.importing = stage.worker(uploads=_Swapping(stage))
    done = stage.finish()

    assert (done.status, done.reason) == (ImportStatus.FAILED, ImportFailure.UPLOAD_LOST)
    assert done.created == len(stage.people()) > 0, "what was imported stays"
    assert "79009999999" not in stage.people()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ImportFailure.NO_HEADER),
        (b"name\n", ImportFailure.NO_HEADER),
        (LONG.decode().encode("utf-16"), ImportFailure.NOT_UTF8),
    ],
)
def test_a_file_that_is_none_fails_at_once(content: bytes, reason: ImportFailure) -> None:
    stage = ImportStage(content)
    done = stage.finish()

    assert (done.status, done.reason, done.rows) == (ImportStatus.FAILED, reason, 0)
    assert done.size == len(content)
    assert done.finished_at == stage.clock.now()
    assert done.reason_detail


class _Huge:
    def __init__(self, stage: ImportStage, size: int) -> None:
        self._stage, self._size = stage, size

    def find(self, import_id: str) -> Any:
        found = self._stage.uploads.find(import_id)
        assert found
        return dataclasses.replace(found, size=self._size)

    def read(self, *_: Any, **__: Any) -> bytes | None:
        raise Crash


def test_a_file_that_is_too_large_is_not_read() -> None:
    stage = ImportStage(LONG)
    stage.importing = stage.worker(uploads=_Huge(stage, FILE_BYTES_MAX + 1))
    assert stage.finish().reason is ImportFailure.TOO_LARGE

    stage = ImportStage(LONG)
    stage.importing = stage.worker(uploads=_Huge(stage, FILE_BYTES_MAX))
    with pytest.raises(Crash):
        stage.work()


def test_only_the_first_refused_lines_are_told_and_all_are_kept() -> None:
    stage = ImportStage(file(*(f"bad{n},,," for n in range(ERRORS_MAX + 7))))
    done = stage.finish()

    assert [each.line for each in done.errors] == list(range(2, ERRORS_MAX + 2))
    assert done.rejected == ERRORS_MAX + 7 == stage.refused_text().count("\r\n")


class _Racing:
    """Somebody else writes clients between an import's look and its write, so often."""

    def __init__(self, stage: ImportStage, times: int, phones: list[str]) -> None:
        self._stage, self._left, self._phones = stage, times, phones

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.imported, name)

    def write(self, at: Import, changes: Any) -> bool:
        if self._left:
            self._left -= 1
            for phone in self._phones:
                self._touch(phone)
        return self._stage.imported.write(at, changes)

    def _touch(self, phone: str) -> None:
        client = self._stage.people().get(phone)
        if client is None:
            new = a_client(int(phone[4:]), tags=("theirs",))
            self._stage.clients.add(new, None)
            return
        tags = (f"theirs{client.version}",)
        new = client.model_copy(update={"tags": tags, "version": client.version + 1})
        self._stage.clients.replace(client, new)


@pytest.mark.parametrize("times", [1, 2, 3, 4, 5])
def test_a_race_with_the_api_is_run_again(times: int) -> None:
    """After three the rows go one by one, so that one busy client holds up no other."""
    stage = ImportStage(file(a_row(1), a_row(2, "b"), a_row(3)))
    stage.importing = stage.worker(clients=_Racing(stage, times, ["79000000002"]))
    done = stage.finish()

    assert counts(done) == (2, 1, 0)
    assert stage.people()["79000000002"].tags == ("b",)
    assert stage.people()["79000000002"].version == times + 1


def test_a_client_that_is_never_left_alone_has_the_record_come_again() -> None:
    stage = ImportStage(file(a_row(1), a_row(2)))
    stage.importing = stage.worker(clients=_Racing(stage, 7, ["79000000002"]))
    with pytest.raises(Unavailable):
        stage.work()

    assert counts(stage.finish()) == (1, 1, 0)


def test_a_client_that_was_deleted_between_crash_and_repetition_is_made_again() -> None:
    stage = ImportStage(file(a_row(1)), Fate(at=6, after=True))
    with pytest.raises(Crash):
        stage.work()
    [client] = stage.people().values()
    stage.clients.remove(client)

    assert counts(stage.finish()) == (1, 0, 0)
    assert stage.people().keys() == {"79000000001"}


def test_a_client_that_was_changed_between_crash_and_repetition_was_created_all_the_same() -> None:
    stage = ImportStage(file(a_row(1, "a")), Fate(at=6, after=True))
    with pytest.raises(Crash):
        stage.work()
    [client] = stage.people().values()
    changed = client.model_copy(update={"tags": ("theirs",), "version": 2})
    stage.clients.replace(client, changed)

    assert counts(stage.finish()) == (1, 0, 0)


def test_a_second_import_of_the_same_file_updates_without_a_write() -> None:
    stage = ImportStage(file(*(a_row(n, "a") for n in range(200))), page_rows=500)
    stage.finish()
    before = stage.people()
    second = Import.new("i0000002", stage.clock.now())
    stage.imports.add(second, None)
    stage.uploads.files[second.id] = stage.content
    stage.importing.run(second.id, FakeBudget(stage.clock))

    assert counts(stage.imports.by_id[second.id]) == (0, 200, 0)
    assert stage.people() == before


class _Counting:
    def __init__(self, stage: ImportStage) -> None:
        self._stage = stage
        self.sizes: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stage.imported, name)

    def write(self, at: Import, changes: Any) -> bool:
        self.sizes.append(sum(1 + isinstance(each, Addition) for each in changes))
        return self._stage.imported.write(at, changes)


def test_transactions_are_as_large_as_they_may_be() -> None:
    stage = ImportStage(file(*(a_row(n) for n in range(196))), page_rows=500)
    stage.importing = stage.worker(clients=(counting := _Counting(stage)))
    stage.finish()

    assert counting.sizes == [98, 98, 98, 98]
