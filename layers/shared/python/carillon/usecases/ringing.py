"""Ring for messages that exist: the doorbells that a pass over a mailing sends."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from carillon.models.commands import Doorbell
from carillon.models.message import Message
from carillon.models.wave import Wave
from carillon.ports import Doorbells, Mailings
from carillon.usecases.delays import QUEUE_DELAY_MAX, queue_delay_s
from carillon.usecases.telling import between, client_ids

logger = logging.getLogger(__name__)


def next_look(message: Message) -> datetime:
    """When a pending message is due; one that is claimed, once its claim is over."""
    return max(message.not_before, message.claim_until or message.not_before)


def ring_for(doorbells: Doorbells, pending: Sequence[Message], now: datetime) -> None:
    """Ring for those that a queue can hold back until they are due; waves ring for the others."""
    rung = [each for each in pending if is_rung(each, now)]
    doorbells.ring(
        [
            (
                Doorbell(mailing_id=each.mailing_id, client_id=each.client_id),
                queue_delay_s(next_look(each), now),
            )
            for each in rung
        ]
    )
    if rung:
        times = between(next_look(each) for each in rung)
        logger.info("messages rung for", extra={**times, "client_ids": client_ids(rung)})


def is_rung(message: Message, now: datetime) -> bool:
    """Whether a queue can hold its doorbell back until it is due."""
    return next_look(message) - now <= QUEUE_DELAY_MAX


def note_waves(mailings: Mailings, waiting: Iterable[Message], now: datetime) -> None:
    """Note each instant that is too far off for a queue, before a message waits for it."""
    for mailing_id, opens_at in {(each.mailing_id, each.not_before) for each in waiting}:
        if opens_at - now > QUEUE_DELAY_MAX:
            mailings.add_wave(Wave(mailing_id=mailing_id, opens_at=opens_at))
