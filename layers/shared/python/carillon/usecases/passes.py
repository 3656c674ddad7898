"""A pass over all messages of a mailing, which goes on in a new invocation when time runs short."""

from collections.abc import Iterator
from datetime import timedelta

from carillon.models.mailing import Mailing
from carillon.models.message import Message, MessageStatus
from carillon.ports import Budget, Mailings, Messages, Page

LEASE = timedelta(minutes=5)
"""What a pass is about is not taken up again by the tick while an invocation is at work on it."""

AGAIN_AFTER = timedelta(seconds=2)
"""Between two passes when the first found something or slices were still running."""

PAGE_MESSAGES = 250
"""Messages looked at a time, 100 KB of the 1 MB that one Query call returns at most. A page is what
is done again after a crash, and must fit into an invocation even where AWS is ten times slower."""

TIME_RESERVE_S = 5.0
"""A page takes about a second; with less than this left work goes on in a new invocation."""

TIME_RESERVE_PAGES = 2
"""The next page may take longer than the slowest so far, up to so many times."""


TURN_S = 20.0
"""After so long others have their turn: slices of large mailings may hold every invocation that
there is, and a mailing that is to start or to be closed waits behind them."""


class TimeLeft:
    """Of an invocation, for one page after the other: each is begun only if it will be finished."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._left_s = budget.left_s()
        self._reserve_s = max(TIME_RESERVE_S, self._left_s - TURN_S)
        self._slowest_s = 0.0

    def is_short(self) -> bool:
        """Whether to stop; asked after each page."""
        left_s = self._budget.left_s()
        self._slowest_s = max(self._slowest_s, self._left_s - left_s)
        self._left_s = left_s
        return left_s < max(self._reserve_s, TIME_RESERVE_PAGES * self._slowest_s)

    def must_stop_after(self, page: Page[Message]) -> bool:
        """Whether there is more to look at, and no time left for it."""
        is_short = self.is_short()
        return page.cursor is not None and is_short


def pages(
    messages: Messages, mailing_id: str, *, status: MessageStatus | None, after: str | None = None
) -> Iterator[Page[Message]]:
    """Page by page from the cursor `after`, read consistently; the last one has no cursor."""
    cursor, more = after, True
    while more:
        page = messages.page(
            mailing_id, status=status, limit=PAGE_MESSAGES, cursor=cursor, consistent=True
        )
        cursor, more = page.cursor, page.cursor is not None
        yield page


def slices_done(mailings: Mailings, mailing: Mailing) -> bool:
    """Whether no message of this mailing will be made any more, but those that are there."""
    return mailing.slices == 0 or all(each.done for each in mailings.slices(mailing.id))
