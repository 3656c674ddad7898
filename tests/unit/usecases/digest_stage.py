"""A world with yesterday's mailings in it, for tests of the digest."""

from datetime import date, datetime, timedelta
from typing import Any

from carillon.models.mailing import MailingStatus
from carillon.models.statistics import Increments, error_counter
from carillon.policy.digest_parts import Letterhead
from carillon.usecases.digesting import Digesting
from carillon.usecases.gateway import GatewayReport
from carillon.usecases.posting import DigestPost
from tests.fakes import (
    FakeClock,
    FakeCreations,
    FakeGauge,
    FakeJournal,
    FakeMailer,
    FakeMailings,
    FakeMarks,
    FakePace,
    FakeStatistics,
)
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 20)
THEN = SOME_MOMENT - DAY
"""Yesterday at ten, by the clocks of London."""

PAGE = "https://mailings.example.com/"


class DigestStage:
    """Fakes that a test may fill, and the use cases over them."""

    def __init__(self, timezone: str = "UTC") -> None:
        self.clock = FakeClock()
        self.mailings = FakeMailings(FakeCreations(self.clock))
        self.statistics = FakeStatistics()
        self.journal = FakeJournal()
        self.gauge = FakeGauge()
        self.marks = FakeMarks()
        self.mailer = FakeMailer()
        self.letterhead = Letterhead(timezone=timezone, page_url=PAGE)

    @property
    def digesting(self) -> Digesting:
        """What makes a digest."""
        return Digesting(
            mailings=self.mailings,
            statistics=self.statistics,
            gateway=GatewayReport(self.journal, FakePace(), self.clock, None),
            queues=self.gauge,
            clock=self.clock,
        )

    @property
    def post(self) -> DigestPost:
        """What sends it."""
        return DigestPost(
            digesting=self.digesting,
            marks=self.marks,
            mailer=self.mailer,
            letterhead=self.letterhead,
            clock=self.clock,
        )

    def mailing(self, number: int = 1, **fields: Any) -> str:
        """One that ran yesterday from ten to eleven and finished; its id."""
        mailing = a_mailing(
            number,
            **{
                "created_at": THEN - HOUR,
                "updated_at": THEN + HOUR,
                "starts_at": THEN,
                "ends_at": THEN + HOUR,
                "status": MailingStatus.FINISHED,
                **fields,
            },
        )
        self.mailings.by_id[mailing.id] = mailing
        return mailing.id

    def moved(self, mailing_id: str, at: datetime = THEN, **moves: int) -> None:
        """So many messages moved into these statuses then."""
        increments = Increments()
        for name, number in moves.items():
            for _ in range(number):
                increments.note(mailing_id, at, name)
            if name != "retried":
                increments.move(mailing_id, 0, name, number)
                increments.move(mailing_id, 0, "total", number)
        self._count(increments)

    def failing(self, mailing_id: str, **errors: int) -> None:
        """So many messages have this last error; `HTTP_500` stands for `HTTP 500`."""
        increments = Increments()
        for name, number in errors.items():
            increments.move(mailing_id, 0, error_counter(name.replace("_", " ")), number)
        self._count(increments)

    def _count(self, increments: Increments) -> None:
        before = self.statistics.position("shard")
        after = str(int(before or 0) + 1)
        self.statistics.count("shard", before=before, after=after, increments=increments)
