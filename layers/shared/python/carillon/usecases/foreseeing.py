"""Tell when local hours will open for messages of a mailing that wait for them."""

from dataclasses import dataclass
from datetime import datetime

from carillon.ports import Clock, Mailings, Openings, Page
from carillon.usecases.mailings import shown_mailing


@dataclass(frozen=True, slots=True)
class Foreseeing:
    """Looks at the openings that were noted while messages were made or sent."""

    mailings: Mailings
    openings: Openings
    clock: Clock

    def openings_of(self, mailing_id: str, *, limit: int, cursor: str | None) -> Page[datetime]:
        """Those still to come before the end, earliest first; `NotFound` without the mailing.

        A mailing that is over, or that keeps no hours, opens nothing any more: what was noted for
        it earlier comes to nothing.
        """
        mailing = shown_mailing(self.mailings, mailing_id)
        if not mailing.is_open or mailing.time_window is None:
            return Page(items=(), cursor=None)
        return self.openings.openings(
            mailing_id,
            after=self.clock.now(),
            before=mailing.ends_at,
            limit=limit,
            cursor=cursor,
        )
