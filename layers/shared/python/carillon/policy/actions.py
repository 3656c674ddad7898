"""What an operator may do to a mailing by hand, and in which states: one table.

An action is allowed only before the mailing's end; where it leads is one of `policy.transitions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from carillon.models.mailing import Mailing, MailingStatus
from carillon.policy.steps import is_settling


class Action(StrEnum):
    """By its name in the API."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which one (None: it stays), and the action's name once it is done."""

    states: tuple[MailingStatus, ...]
    leads_to: MailingStatus | None
    done: str


RULES: Mapping[Action, Rule] = MappingProxyType(
    {
        # Its start is moved to now; the fan-out begins it, as it begins every mailing.
        Action.START: Rule((MailingStatus.SCHEDULED,), MailingStatus.SCHEDULED, "started"),
        Action.PAUSE: Rule((MailingStatus.RUNNING,), MailingStatus.PAUSED, "paused"),
        Action.RESUME: Rule((MailingStatus.PAUSED,), MailingStatus.RUNNING, "resumed"),
        Action.CANCEL: Rule(
            (MailingStatus.SCHEDULED, MailingStatus.RUNNING, MailingStatus.PAUSED),
            MailingStatus.CANCELLED,
            "cancelled",
        ),
    }
)


RESEND = Rule((MailingStatus.RUNNING, MailingStatus.PAUSED, MailingStatus.FINISHED), None, "resent")
"""A finished mailing runs again, a paused one stays so until it is resumed."""


def why_not(rule: Rule, mailing: Mailing, now: datetime) -> str | None:
    """Why what the rule is about is not allowed, with the states that allow it; None when it is."""
    if mailing.status not in rule.states:
        found = f"is {mailing.status}"
    elif is_settling(mailing, now):
        found = "has ended"
    else:
        return None
    *others, last = rule.states
    states = f"{', '.join(others)} or {last}" if others else last
    return f"only a {states} mailing can be {rule.done}, and only before its end; this one {found}"
