"""The dashboard's widget: what it shows, and what it never does."""

from typing import Any

import pytest

from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.statistics import Counts
from functions.widget.drawing import ABOUT, MAILINGS_MAX, UNREADABLE, draw
from functions.widget.invocation import show
from tests.fakes.samples import a_mailing
from tests.unit.usecases.stage import Stage, before, outage

PAGE = "https://mailings.example.com/"
NOTHING = Counts()


def drawn(*mailings: Mailing, counts: Counts = NOTHING, overall: Counts = NOTHING) -> str:
    by_id = dict.fromkeys([each.id for each in mailings], counts)
    return draw(overall, mailings, by_id, page_url=PAGE)


def rows(html: str) -> list[list[str]]:
    """The cells of each row, head lines too."""
    return [
        [cell.split("<")[0] for cell in row.replace("<th>", "<td>").split("<td>")[1:]]
        for row in html.split("<tr>")[1:]
    ]


def test_totals_by_status() -> None:
    overall = Counts(total=12_345, pending=40, sent=12_300, failed=2, unknown=1, expired=1)
    head, totals = rows(drawn(overall=overall))
    assert dict(zip(head, totals, strict=True)) == {
        "total": "12,345",
        "pending": "40",
        "sent": "12,300",
        "failed": "2",
        "unknown": "1",
        "expired": "1",
        "cancelled": "0",
    }


def test_a_mailing_with_its_counts_leads_to_the_page() -> None:
    mailing = a_mailing(7, status=MailingStatus.RUNNING)
    html = drawn(mailing, counts=Counts(total=5, pending=2, sent=3))
    *_, row = rows(html)
    assert row[1:] == [
        "running",
        "2026-11-21 10:00",
        "2026-11-21 11:00",
        *("5", "2", "3", "0", "0", "0", "0"),
    ]
    assert '<a href="https://mailings.example.com/#/mailings/m0000007">m0000007</a>' in html


def test_a_mailing_that_is_being_settled_says_so() -> None:
    assert [
        row[1] for row in rows(drawn(a_mailing(status=MailingStatus.RUNNING, closing=True)))[3:]
    ] == ["closing"]


def test_without_a_mailing_there_is_no_table_of_them() -> None:
    assert "no mailing yet" in drawn()


def test_what_somebody_wrote_is_not_shown() -> None:
    """A text may hold a phone, or what a browser would take for more than a text."""
    html = drawn(a_mailing(text="<script>alert(1)</script> call +79001234567", created_by="7900"))
    assert "79001234567" not in html
    assert "script" not in html
    assert "7900" not in html


@pytest.mark.parametrize("name", ["id", "status"])
def test_what_is_shown_is_no_markup(name: str) -> None:
    strange: Any = a_mailing().model_copy(update={name: '"><script>&'})
    html = drawn(strange)
    assert "<script>" not in html
    assert "&lt;script&gt;&amp;" in html


def look(stage: Stage, **event: Any) -> str:
    return show(event, mailings=stage.mailings, statistics=stage.statistics, page_url=PAGE)


def test_a_look_shows_the_latest_mailings_only() -> None:
    stage = Stage()
    stage.put(*[a_mailing(number) for number in range(1, MAILINGS_MAX + 5)])
    assert len(rows(look(stage))) == 2 + 1 + MAILINGS_MAX


def test_who_asks_what_it_is_is_told_without_a_read() -> None:
    stage = Stage()
    stage.mailings = before(stage.mailings, "page", outage)
    assert look(stage, describe=True) == ABOUT


@pytest.mark.parametrize(
    ("port", "method"), [("mailings", "page"), ("statistics", "counts"), ("statistics", "overall")]
)
def test_what_cannot_be_read_is_said_and_logged(
    caplog: pytest.LogCaptureFixture, port: str, method: str
) -> None:
    stage = Stage()
    setattr(stage, port, before(getattr(stage, port), method, outage))
    assert look(stage) == UNREADABLE
    assert [each.getMessage() for each in caplog.records] == ["widget not drawn"]
