"""Messages: one text to one client for one mailing, and what became of it."""

import zlib
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self

from carillon.models.base import Model
from carillon.models.instant import Instant

PARTITIONS = 16
"""Partitions of one mailing's messages: a DynamoDB partition takes 1,000 writes a second, and a
message needs three, so 16 allow about 5,000 messages a second for one mailing."""

UNTOUCHED = "untouched"
"""The `token` of a message nobody has written to since it was inserted."""

SETTLED_AT_BIRTH = "settled"
"""The `token` of one that was inserted at its end. A page done twice may find that it is to be sent
after all and ring for it: that doorbell speaks of an untouched message, which this is not."""


class MessageStatus(StrEnum):
    """What became of a message; the moves between them are in `policy.transitions`."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a message ended as it did, where the status alone does not say."""

    REFUSED = "refused"
    ENDED = "ended"
    HOURS_NEVER_OPEN = "hours_never_open"
    MAILING_CANCELLED = "mailing_cancelled"
    CLIENT_DELETED = "client_deleted"
    NOT_CONFIRMED = "not_confirmed"


def message_id(mailing_id: str, client_id: str) -> str:
    """The one id a client's message in a mailing can have, so that it cannot be made twice."""
    return f"{mailing_id}-{client_id}"


def split_message_id(text: str) -> tuple[str, str] | None:
    """`(mailing_id, client_id)`, or None when the text cannot be a message's id."""
    mailing_id, dash, client_id = text.partition("-")
    return (mailing_id, client_id) if mailing_id and dash and client_id else None


def gateway_id(text: str) -> int:
    """The 63-bit positive integer that stands for a message id towards the gateway.

    The first eight bytes of SHA-256, without the sign bit: the same on every attempt, and among
    ten million messages two are alike with a chance of 1 in 180,000.
    """
    return int.from_bytes(sha256(text.encode()).digest()[:8]) >> 1


def partition_number(client_id: str) -> int:
    """Which of a mailing's partitions holds the message to this client."""
    return zlib.crc32(client_id.encode()) % PARTITIONS


class Message(Model):
    """A message as stored.

    `token` changes with every write and is what conditional writes are compared by: who holds the
    message as it was can change it, and finding one's own token there means that a write whose
    answer was lost did happen. While `claim_until` is in the future, the sender that wrote `token`
    may be calling the gateway. `attempts` counts calls begun; `refused` those of them that the
    gateway surely did not accept; the others are doubts, and with a resend a person waives those
    that there are. `not_before` is the earliest time of the next attempt. `resends` is the number
    of the last resend that moved it, `recount` that of the recount in whose counters it counts.
    """

    mailing_id: str
    client_id: str
    status: MessageStatus = MessageStatus.PENDING
    created_at: Instant
    updated_at: Instant
    not_before: Instant
    token: str = UNTOUCHED
    claim_until: Instant | None = None
    attempts: int = 0
    refused: int = 0
    doubts_waived: int = 0
    resends: int = 0
    recount: int = 0
    sent_at: Instant | None = None
    last_error: str | None = None
    reason: Reason | None = None
    expires_at: int | None = None

    @classmethod
    def new(
        cls, *, mailing_id: str, client_id: str, created_at: datetime, recount: int = 0
    ) -> Self:
        """A message just made, to be sent as soon as possible."""
        return cls(
            mailing_id=mailing_id,
            client_id=client_id,
            created_at=created_at,
            updated_at=created_at,
            not_before=created_at,
            recount=recount,
        )

    @property
    def id(self) -> str:
        """The message's id, made of the mailing's and the client's."""
        return message_id(self.mailing_id, self.client_id)

    @property
    def key(self) -> tuple[str, str]:
        """What it is found by: the mailing's id and the client's."""
        return self.mailing_id, self.client_id

    @property
    def doubts(self) -> int:
        """Attempts begun whose refusal is not certain: each may have been accepted."""
        return self.attempts - self.refused

    @property
    def in_doubt(self) -> bool:
        """Whether the gateway may have accepted it."""
        return self.doubts > 0

    @property
    def in_fresh_doubt(self) -> bool:
        """Whether it may have done so since a person last had the message sent again."""
        return self.doubts > self.doubts_waived

    def is_claimed(self, now: datetime) -> bool:
        """Whether a sender may be calling the gateway for it."""
        return self.claim_until is not None and self.claim_until > now

    def changed(self, *, token: str, at: datetime, **fields: object) -> Self:
        """The same message after a write at `at`: other values, a new token."""
        return self.model_copy(update={**fields, "token": token, "updated_at": at})

    def settled(
        self,
        status: MessageStatus,
        reason: Reason | None,
        *,
        token: str,
        at: datetime,
        expires_at: int,
        **fields: object,
    ) -> Self:
        """The same message at its end: no claim, and from now on its days are counted."""
        return self.changed(
            token=token,
            at=at,
            status=status,
            reason=reason,
            claim_until=None,
            expires_at=expires_at,
            **fields,
        )
