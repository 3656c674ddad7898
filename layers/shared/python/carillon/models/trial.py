"""Trials: a mailing's text sent to one phone, because a person wants to see it arrive."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from carillon.models.base import Model
from carillon.models.client import Phone
from carillon.models.instant import Instant
from carillon.models.message import UNTOUCHED, message_id

KEPT_FOR = timedelta(days=1)
"""A trial holds a phone; after a day nobody looks at it any more."""


class TrialStatus(StrEnum):
    """What became of a trial."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TrialDraft(Model):
    """Whom a trial is sent to."""

    phone: Phone


class Trial(Model):
    """A trial as stored: beside its mailing, with the text as it was when it was asked for.

    As with messages `token` changes with every write, and a claim is on record before the gateway
    is called. There is one attempt, or none.
    """

    mailing_id: str
    id: str
    phone: str
    text: str
    created_at: Instant
    status: TrialStatus = TrialStatus.PENDING
    attempts: int = 0
    token: str = UNTOUCHED
    claim_until: Instant | None = None
    sent_at: Instant | None = None
    last_error: str | None = None
    expires_at: int

    @classmethod
    def new(
        cls, *, mailing_id: str, trial_id: str, phone: str, text: str, created_at: datetime
    ) -> Self:
        """A trial just asked for."""
        return cls(
            mailing_id=mailing_id,
            id=trial_id,
            phone=phone,
            text=text,
            created_at=created_at,
            expires_at=int((created_at + KEPT_FOR).timestamp()),
        )

    @property
    def message_id(self) -> str:
        """What its id towards the gateway is made of: no client has an id like a trial's."""
        return message_id(self.mailing_id, self.id)

    def changed(self, *, token: str, **fields: object) -> Self:
        """The same trial after a write: other values, a new token."""
        return self.model_copy(update={**fields, "token": token})
