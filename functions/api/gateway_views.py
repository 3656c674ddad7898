"""What callers see of the gateway and of trials. Answers may grow, so nothing here is closed."""

from datetime import datetime
from typing import Self

from pydantic import Field

from carillon.models.conduct import Conduct
from carillon.models.instant import Instant
from carillon.models.trial import Trial, TrialStatus
from carillon.policy.health import Health, percentile_ms
from carillon.usecases.gateway import GatewayState
from functions.api.views import View


class TestSend(View):
    """A mailing's text to one phone, and what became of it."""

    id: str
    mailing_id: str
    status: TrialStatus = Field(
        description="`sent` when the gateway said so, `failed` when it surely did not take it,"
        " `unknown` when it may have"
    )
    attempts: int = Field(description="calls to the gateway that were begun: one at most")
    created_at: Instant
    sent_at: Instant | None = Field(description="when the gateway confirmed it")
    last_error: str | None = Field(description="why it was not sent")

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The public part of a trial: neither phone nor text."""
        return cls.model_construct(**{name: getattr(trial, name) for name in cls.model_fields})


class Breaker(View):
    """Whether a sender leaves the gateway alone."""

    open: bool
    until: Instant | None = Field(description="when it is tried again; null while closed")


class Pace(View):
    """How fast messages go out."""

    parts_per_s: float | None = Field(description="SMS parts a second; null for no limit")
    share: float = Field(
        description="of that pace; less than 1 for a minute after the gateway asked for less",
        examples=[1.0],
    )


class GatewayMinute(View):
    """The calls of one minute."""

    minute: Instant
    calls: int
    accepted: int
    refused: int = Field(description="refused for good")
    retried: int = Field(description="to be tried again")
    p50_ms: int = Field(description="how long half of the calls took at most, about")
    p95_ms: int = Field(description="how long 95 of 100 calls took at most, about")
    max_ms: int = Field(description="how long the slowest took, rounded up to two digits")

    @classmethod
    def of(cls, minute: datetime, conduct: Conduct) -> Self:
        """A minute's numbers."""
        return cls(
            minute=minute,
            calls=conduct.calls,
            accepted=conduct.accepted,
            refused=conduct.refused,
            retried=conduct.retried,
            p50_ms=percentile_ms(conduct, 0.5),
            p95_ms=percentile_ms(conduct, 0.95),
            max_ms=conduct.slowest_ms,
        )


class Gateway(View):
    """How the gateway does."""

    status: Health = Field(
        description="`idle` without calls for five minutes, `down` while a breaker is open or nine"
        " in ten calls must be tried again, `troubled` from one in ten on"
    )
    breaker: Breaker
    pace: Pace
    last_error: str | None = Field(description="of the last hour")
    last_error_at: Instant | None
    minutes: tuple[GatewayMinute, ...] = Field(
        description="the last 60, oldest first; quiet minutes are left out"
    )

    @classmethod
    def of(cls, state: GatewayState) -> Self:
        """The public part of all that is known."""
        until, trouble = state.breaker_until, state.trouble
        return cls(
            status=state.health,
            breaker=Breaker(open=until is not None, until=until),
            pace=Pace(parts_per_s=state.parts_per_s, share=round(state.share, 3)),
            last_error=trouble.error if trouble else None,
            last_error_at=trouble.at if trouble else None,
            minutes=tuple(GatewayMinute.of(*each) for each in state.minutes),
        )
