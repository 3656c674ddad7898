"""Statistics go with a mailing that is shown; the overview counts everything that ever was."""

from datetime import timedelta

import pytest

from carillon.errors import NotFound
from carillon.models.statistics import Counts, Increments
from carillon.usecases.statistics import StatisticsReport
from tests.fakes import FakeClock, FakeCreations, FakeMailings, FakeStatistics
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT


@pytest.fixture
def report() -> StatisticsReport:
    """Two mailings; 3 messages of the first are counted."""
    mailings, statistics = FakeMailings(FakeCreations(FakeClock())), FakeStatistics()
    for number in (1, 2):
        created_at = SOME_MOMENT + timedelta(seconds=number)
        mailings.add(a_mailing(number, created_at=created_at), None)
    increments = Increments()
    increments.move("m0000001", 0, "total", 3)
    increments.move("m0000001", 0, "pending", 3)
    statistics.count("shard", before=None, after="1", increments=increments)
    return StatisticsReport(mailings=mailings, statistics=statistics)


def test_of_one_mailing(report: StatisticsReport) -> None:
    mailing, statistics = report.of_mailing("m0000001")
    assert mailing.id == "m0000001"
    assert statistics.counts == Counts(total=3, pending=3)
    assert report.of_mailing("m0000002")[1].counts == Counts()


def test_overview_is_newest_first_and_pages(report: StatisticsReport) -> None:
    first = report.overview(limit=1, cursor=None)
    assert first.counts == Counts(total=3, pending=3)
    assert [(mailing.id, counts) for mailing, counts in first.items] == [("m0000002", Counts())]
    second = report.overview(limit=1, cursor=first.cursor)
    assert [mailing.id for mailing, _ in second.items] == ["m0000001"]


def test_a_deleted_mailing_leaves_the_overview_and_stays_in_its_sum(
    report: StatisticsReport,
) -> None:
    mailing = report.mailings.get("m0000001")
    assert mailing is not None
    report.mailings.replace(mailing, mailing.changed(deleted=True))
    with pytest.raises(NotFound):
        report.of_mailing("m0000001")
    overview = report.overview(limit=10, cursor=None)
    assert [shown.id for shown, _ in overview.items] == ["m0000002"]
    assert overview.counts.total == 3
