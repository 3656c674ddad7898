"""A sender's fuse: believes that a message is refused for its own sake, until most of them are.

While it is blown a refusal counts as any other failed attempt, so the message stays pending and is
tried again. Once the gateway accepts messages again, refusals are believed again. Where it does not
before the mailing's end, those messages end as `expired`, with the refusal as their last error.
"""

import logging
from collections import deque
from dataclasses import dataclass, field

from carillon.policy.answers import Accepted, Refused, TryAgain, Verdict
from carillon.policy.fuse import WINDOW, is_blown

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Fuse:
    """One for each sender process; it begins whole."""

    _refused: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _kept: int = 0

    def judge(self, verdict: Verdict) -> Verdict:
        """The verdict to act upon: while the fuse is blown, a refusal is none for good."""
        if isinstance(verdict, Accepted | Refused):
            self._refused.append(isinstance(verdict, Refused))
        if not isinstance(verdict, Refused) or not self._is_blown():
            return verdict
        self._kept += 1
        return TryAgain(
            error=verdict.reason,
            surely_not_accepted=True,
            alarm=True,
            refresh_token=False,
            after_s=None,
            trouble=False,
        )

    def report(self) -> None:
        """Tell a person, once for all refusals since the last report."""
        if self._kept:
            logger.error("gateway refuses most messages", extra={"kept": self._kept})
            self._kept = 0

    def _is_blown(self) -> bool:
        return is_blown(refused=sum(self._refused), answers=len(self._refused))
