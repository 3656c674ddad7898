"""The settings of the daily digest, as part of a deployment's environment."""

import re
import zoneinfo
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# SES wants addresses in ASCII; a name beside the address is not ours to give.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)

# "up to 50 recipients" of one e-mail.
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_RECIPIENTS_MAX: Final = 50


class DigestSettings(BaseModel):
    """Who gets a digest of each day, from whom, and when. Without recipients there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    digest_recipients: Annotated[tuple[str, ...], Field(max_length=_RECIPIENTS_MAX)] = ()
    """E-mail addresses, separated by commas, that get an account of each day; empty for none: then
    nothing of the digest is deployed."""

    digest_sender: str | None = None
    """The e-mail address that it comes from; SES must have it, or its domain, verified in this
    account and region."""

    # Scheduler leaves out what falls into an hour that a zone skips, and one digest a year with it.
    # No zone of the tz database skips one from four to 21: most change at night, Greenland and
    # Easter Island at ten in the evening.
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
    digest_hour: Annotated[int, Field(ge=4, le=21)] = 8
    """The hour of the day, by `digest_timezone`, at which the digest of the day before is sent."""

    digest_timezone: str = "UTC"
    """The IANA time zone whose days the digests are about."""

    @field_validator("digest_recipients", mode="before")
    @classmethod
    def _recipients_are_separated_by_commas(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(each.strip() for each in value.split(",")) if value.strip() else ()

    @field_validator("digest_recipients")
    @classmethod
    def _recipients_are_addresses(cls, recipients: tuple[str, ...]) -> tuple[str, ...]:
        for each in recipients:
            if not _ADDRESS.fullmatch(each):
                raise ValueError(f"{each!r} is not an e-mail address, such as ops@example.com")
        if len({each.lower() for each in recipients}) < len(recipients):
            raise ValueError("names an address twice")
        return recipients

    @field_validator("digest_sender", mode="before")
    @classmethod
    def _empty_sender_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("digest_sender")
    @classmethod
    def _sender_is_an_address(cls, sender: str | None) -> str | None:
        if sender is not None and not _ADDRESS.fullmatch(sender):
            raise ValueError("must be a bare e-mail address, such as carillon@example.com")
        return sender

    @field_validator("digest_timezone")
    @classmethod
    def _digest_zone_exists(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError("must be an IANA time zone, such as Europe/Moscow")
        return name

    @model_validator(mode="after")
    def _digest_has_both_ends(self) -> Self:
        if self.digest_recipients and self.digest_sender is None:
            raise ValueError("digest_recipients without digest_sender: say whom it comes from")
        if self.digest_sender is not None and not self.digest_recipients:
            raise ValueError("digest_sender without digest_recipients: say who gets it, or nobody")
        return self
