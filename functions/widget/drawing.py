"""The widget's HTML: totals by status, and a table of mailings.

A mailing's text is left out: people write into it what they like, a phone too, and who may look at
a dashboard need not be who may read that. CloudWatch takes HTML without scripts, and styles it.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final

from carillon.models.mailing import Mailing
from carillon.models.statistics import Counts

MAILINGS_MAX: Final = 15
"""In the table: about what fits without scrolling. Each costs 16 reads of half a unit at most."""

_STATUSES: Final = ("total", "pending", "sent", "failed", "unknown", "expired", "cancelled")

ABOUT: Final = (
    "## Messages by status, and the latest mailings\n"
    "Exact counts from Carillon's own counters: of all messages ever, and of the"
    f" {MAILINGS_MAX} mailings made last. A mailing's id leads to the admin page.\n\n"
    "The widget takes no parameters."
)
UNREADABLE: Final = "<p>The counters could not be read; the next refresh tries again.</p>"


def draw(
    overall: Counts, mailings: Sequence[Mailing], counts: Mapping[str, Counts], *, page_url: str
) -> str:
    """The whole widget; `counts` has all of `mailings`."""
    totals = _table(_STATUSES, [_numbers(overall)])
    heads = ("mailing", "status", "starts (UTC)", "ends (UTC)", *_STATUSES)
    rows = [_row(each, counts[each.id], page_url) for each in mailings]
    latest = _table(heads, rows) if rows else "<p>There is no mailing yet.</p>"
    return f"<h3>All messages</h3>{totals}<h3>Latest mailings</h3>{latest}"


def _row(mailing: Mailing, counts: Counts, page_url: str) -> list[str]:
    link = escape(f"{page_url}#/mailings/{mailing.id}", quote=True)
    status = "closing" if mailing.closing else mailing.status
    return [
        f'<a href="{link}">{escape(mailing.id)}</a>',
        escape(status),
        _minute(mailing.starts_at),
        _minute(mailing.ends_at),
        *_numbers(counts),
    ]


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _numbers(counts: Counts) -> list[str]:
    return [f"{getattr(counts, status):,}" for status in _STATUSES]


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
