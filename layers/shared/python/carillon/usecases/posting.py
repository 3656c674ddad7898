"""Send a day's digest once, however often we are asked to.

The schedule may fire twice, and Lambda invokes again after a failure. So a mark is kept for each
day. Before the digest is made, the mark is taken: nobody else sends meanwhile, and the try is
counted. After the e-mail was handed over, the mark says so, and no later invocation sends again.

A crash between those two leaves an e-mail that went out under a mark that does not know it, so the
next try sends it again. The other order would lose the digest in the same crash, and that is worse:
who gets it twice is hardly bothered, who gets none believes that all is quiet. The tries are
counted so that even then nobody gets more than three.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from carillon.errors import DigestNotSent, LostRace
from carillon.models.digest import DigestMark
from carillon.policy.days import day_of
from carillon.policy.digest_letter import letter_of
from carillon.policy.digest_parts import Letterhead
from carillon.ports import Clock, DigestMarks, Mailer
from carillon.usecases.digesting import Digesting

TRIES_MAX = 3
"""As often as Lambda invokes for one event: once, and twice more after failures, a minute and two
minutes later. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""

HELD_FOR = timedelta(seconds=60)
"""The function's timeout: whoever took the mark is done by then, or dead. Lambda's next attempt
begins a minute after that at the earliest, so it never finds the mark held by the one before."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DigestPost:
    """Makes the digest, puts it into words and sends it."""

    digesting: Digesting
    marks: DigestMarks
    mailer: Mailer
    letterhead: Letterhead
    clock: Clock

    def send(self, on: date, *, again: bool = False) -> bool:
        """Send the digest of that date unless it was sent; whether it was now.

        `again` sends it whatever the mark says. `DigestNotSent`: try again. `LostRace`: somebody
        else is sending it; ask again, in case they fail.
        """
        mark = self._take(on, again=again)
        if mark is None:
            return False
        try:
            day = day_of(on, self.letterhead.timezone)
            self.mailer.send(letter_of(self.digesting.digest(day), self.letterhead))
        except Exception as error:
            is_last = mark.tries >= TRIES_MAX
            raise DigestNotSent(mark.day, tries=mark.tries, is_last=is_last) from error
        sent = mark.model_copy(update={"sent_at": self.clock.now(), "rev": mark.rev + 1})
        self.marks.replace(mark, sent)
        logger.info("digest sent", extra={"day": mark.day, "tries": mark.tries})
        return True

    def _take(self, on: date, *, again: bool) -> DigestMark | None:
        """The mark, taken; None when there is nothing to do."""
        now, day = self.clock.now(), on.isoformat()
        old = self.marks.get(day)
        if old is not None and not again:
            if old.sent_at is not None or old.tries >= TRIES_MAX:
                was_sent = old.sent_at is not None
                logger.info("digest is done with", extra={"day": day, "was_sent": was_sent})
                return None
            if old.until > now:
                raise LostRace(f"the digest of {day} is being sent at this moment")
        mark = DigestMark(
            day=day,
            tries=(old.tries if old and not again else 0) + 1,
            until=now + HELD_FOR,
            rev=old.rev + 1 if old else 1,
        )
        self.marks.replace(old, mark)
        return mark
