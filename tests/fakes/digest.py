"""Fakes of `Mailer` and `DigestMarks`."""

from carillon.errors import LostRace
from carillon.models.digest import DigestMark, Letter
from tests.fakes.storing import stored


class FakeMailer:
    """`sent` holds the letters in order; `fails_with` is raised instead of each while it is set."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.fails_with: Exception | None = None

    def send(self, letter: Letter) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.sent.append(letter)


class FakeMarks:
    """`by_day` is what is marked."""

    def __init__(self) -> None:
        self.by_day: dict[str, DigestMark] = {}

    def get(self, day: str) -> DigestMark | None:
        return self.by_day.get(day)

    def replace(self, old: DigestMark | None, new: DigestMark) -> None:
        present = self.by_day.get(new.day)
        if present == stored(new):
            return
        if (present.rev if present else None) != (old.rev if old else None):
            raise LostRace(new.day)
        self.by_day[new.day] = stored(new)
