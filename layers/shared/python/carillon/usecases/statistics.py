"""Read the counters: of one mailing in detail, and of all in one view."""

from collections.abc import Sequence
from dataclasses import dataclass

from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.statistics import Counts, Statistics
from carillon.ports import Mailings, StatisticsTable
from carillon.usecases.mailings import shown_mailing


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of all mailings ever, and a page of mailings with theirs, newest first."""

    counts: Counts
    items: Sequence[tuple[Mailing, Counts]]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class StatisticsReport:
    """What an operator sees of the counters; they follow the messages within a second or two."""

    mailings: Mailings
    statistics: StatisticsTable

    def of_mailing(self, mailing_id: str) -> tuple[Mailing, Statistics]:
        """A mailing with its counts and timeline; `NotFound`."""
        mailing = shown_mailing(self.mailings, mailing_id)
        return mailing, self.statistics.read(mailing_id)

    def overview(
        self, *, limit: int, cursor: str | None, status: MailingStatus | None = None
    ) -> Overview:
        """The whole, and `limit` mailings of it, of one status if that is given."""
        page = self.mailings.page(status=status, limit=limit, cursor=cursor)
        counts = self.statistics.counts([mailing.id for mailing in page.items])
        return Overview(
            counts=self.statistics.overall(),
            items=[(mailing, counts[mailing.id]) for mailing in page.items],
            cursor=page.cursor,
        )
