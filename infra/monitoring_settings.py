"""The settings of alarms, as part of a deployment's environment."""

import re
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

_EMAIL: Final = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+")


class MonitoringSettings(BaseModel):
    """Whom alarms tell, and from when on."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    alarm_emails: tuple[str, ...] = ()
    """Who is told when an alarm begins and when it is over, separated by commas. AWS asks each of
    them once to confirm."""

    docs_url: str = "docs/"
    """Where `operations.md` is read, with the slash at its end: what an alarm's description leads
    to, such as `https://git.example.com/carillon/blob/main/docs/`."""

    alarm_message_age_s: Annotated[int, Field(ge=960, le=14 * 24 * 3600)] = 1800
    """How old the oldest record of the message queue may become while a mailing runs. A record may
    be held back for 15 minutes by design, so less would ring for nothing."""

    alarm_failure_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Which share of the messages that ended in ten minutes may be `failed` or `unknown`."""

    alarm_failures_min: Annotated[int, Field(ge=1)] = 50
    """Below so many messages in ten minutes no share is looked at: two of three is no trend."""

    alarm_math: bool = True
    """Whether alarms that combine several metrics are made; an emulator may know no metric math."""

    @field_validator("alarm_emails", mode="before")
    @classmethod
    def _are_addresses(cls, emails: object) -> object:
        if isinstance(emails, str):
            emails = tuple(each.strip() for each in emails.split(",") if each.strip())
        if isinstance(emails, list | tuple) and not all(
            isinstance(each, str) and _EMAIL.fullmatch(each) for each in emails
        ):
            raise ValueError("must be e-mail addresses, separated by commas")
        return emails

    @field_validator("docs_url")
    @classmethod
    def _ends_where_a_file_name_begins(cls, url: str) -> str:
        if not url.endswith("/"):
            raise ValueError("must end with a slash")
        return url
