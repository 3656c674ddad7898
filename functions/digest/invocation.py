"""One invocation of the digest: sends that of the latest day that is due, or of a day asked for.

The schedule's event is `{}`. A person may ask for the digest of a day, `{"day": "2026-11-21"}`,
which is sent if it was not yet, and with `"again": true` whether it was or not.

An error fails the invocation, so that Lambda tries again: twice, then the event becomes a dead
letter. Until the last try that is a warning; then a person should look.
"""

import logging
from datetime import date

from pydantic import BaseModel, ConfigDict

from carillon.adapters.events import Event
from carillon.errors import DigestNotSent
from carillon.policy.days import digested_date
from carillon.ports import Clock
from carillon.telemetry import describe, function_logger
from carillon.usecases.posting import DigestPost

logger = function_logger(__name__)


class Asked(BaseModel):
    """What the event asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date | None = None
    again: bool = False


def send_digest(event: Event, *, post: DigestPost, clock: Clock, hour: int) -> Event:
    """Send it, or find that it is sent; answers which day's it is and whether it went out now."""
    asked = Asked.model_validate(event)
    on = asked.day or digested_date(clock.now(), post.letterhead.timezone, hour=hour)
    try:
        sent = post.send(on, again=asked.again)
    except DigestNotSent as failure:
        cause = failure.__cause__ or failure
        level = logging.ERROR if failure.is_last else logging.WARNING
        keys = {"day": failure.day, "tries": failure.tries, **describe(cause)}
        logger.log(level, "digest not sent", extra=keys)
        raise
    return {"day": on.isoformat(), "sent": sent}
