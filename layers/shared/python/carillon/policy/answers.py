"""What the gateway's answer means for a message: one table, the first row that fits decides.

| the gateway                   | then      | surely not accepted | trouble | alarm | token | pace |
| ----------------------------- | --------- | ------------------- | ------- | ----- | ----- | ---- |
| 2xx with `code` 0             | sent      |                     |         |       |       |      |
| 2xx with anything else        | try again | no                  | yes     |       |       |      |
| 3xx, never followed           | try again | yes                 | yes     | yes   |       |      |
| 400, 422                      | failed    | yes                 |         |       |       |      |
| 401, 403                      | try again | yes                 | yes     | yes   | again |      |
| 408                           | try again | no                  | yes     |       |       |      |
| 425                           | try again | yes                 |         |       |       |      |
| 429                           | try again | yes                 |         |       |       | slow |
| any other 4xx                 | try again | yes                 | yes     | yes   |       |      |
| any other status              | try again | no                  | yes     |       |       |      |
| no answer, never sent         | try again | yes                 | yes     |       |       |      |
| no answer, sent or maybe sent | try again | no                  | yes     |       |       |      |

"Surely not accepted" is what tells `expired` from `unknown` when a mailing ends: a message all of
whose attempts were surely not accepted reached nobody. 408 is not among them, because a gateway
that gave up waiting may have read enough; a 500 may come after the message went out, and a proxy
says 503 also when the gateway behind it broke off half way. Trouble means that the next message
would fare no better: what opens a sender's breaker. Alarm means that our own settings are wrong, so
that a person should look, while the message is not to blame. Slow means that the gateway works
and gets too much, which slows the pace of all senders, where one is set.
`Retry-After` is honoured with every answer that is tried again, up to 15 minutes.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

from carillon.models.gateway import Cause, GatewayOutcome, NoReply, Reply

RETRY_AFTER_MAX_S = 900.0
"""No gateway may put a message off for longer: 15 minutes, which is also SQS's longest delay."""

SHOWN_CODE_MAX = 999_999
"""A longer `code` is not repeated in an error: it might be a phone number."""

COUNTED_APART = frozenset(
    {200, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408}
    | {413, 415, 422, 425, 429, 500, 501, 502, 503, 504}
)
"""Statuses whose errors are counted under their own number, all others by their first digit."""

_SUCCESS = range(200, 300)
_HTTP_ERROR = re.compile(r"HTTP ([1-9]\d{2})( without a known code| with code -?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway said that it took the message."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never take this message; `reason` says what it answered."""

    reason: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Not now. `after_s` is the gateway's own wish, already within our bounds."""

    error: str
    surely_not_accepted: bool
    alarm: bool
    refresh_token: bool
    after_s: float | None
    trouble: bool = True
    slower: bool = False


Verdict = Accepted | Refused | TryAgain


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    answer: str
    fits: Callable[[GatewayOutcome], bool]
    then: Literal["sent", "failed", "try again"]
    surely_not_accepted: bool = False
    alarm: bool = False
    refresh_token: bool = False
    trouble: bool = False
    slower: bool = False


def _status(statuses: Container[int]) -> Callable[[GatewayOutcome], bool]:
    return lambda outcome: isinstance(outcome, Reply) and outcome.status in statuses


def _is_success(outcome: GatewayOutcome) -> bool:
    # `code` is an int by contract of `Reply`, so False == 0 cannot slip in here.
    return isinstance(outcome, Reply) and outcome.status in _SUCCESS and outcome.code == 0


def _never_left(outcome: GatewayOutcome) -> bool:
    return isinstance(outcome, NoReply) and not outcome.handed_over


RULES: tuple[Rule, ...] = (
    Rule("2xx with `code` 0", _is_success, "sent"),
    Rule("2xx with anything else", _status(_SUCCESS), "try again", trouble=True),
    Rule(
        "3xx, never followed",
        _status(range(300, 400)),
        "try again",
        surely_not_accepted=True,
        alarm=True,
        trouble=True,
    ),
    Rule("400, 422", _status((400, 422)), "failed", surely_not_accepted=True),
    Rule(
        "401, 403",
        _status((401, 403)),
        "try again",
        surely_not_accepted=True,
        alarm=True,
        refresh_token=True,
        trouble=True,
    ),
    Rule("408", _status((408,)), "try again", trouble=True),
    Rule("425", _status((425,)), "try again", surely_not_accepted=True),
    Rule("429", _status((429,)), "try again", surely_not_accepted=True, slower=True),
    Rule(
        "any other 4xx",
        _status(range(400, 500)),
        "try again",
        surely_not_accepted=True,
        alarm=True,
        trouble=True,
    ),
    Rule("any other status", lambda outcome: isinstance(outcome, Reply), "try again", trouble=True),
    Rule(
        "no answer, never sent",
        _never_left,
        "try again",
        surely_not_accepted=True,
        trouble=True,
    ),
    Rule("no answer, sent or maybe sent", lambda _: True, "try again", trouble=True),
)


def classify(outcome: GatewayOutcome) -> Verdict:
    """Judge what came of one call."""
    rule = next(rule for rule in RULES if rule.fits(outcome))
    if rule.then == "sent":
        return Accepted()
    if rule.then == "failed":
        return Refused(_error(outcome))
    return TryAgain(
        error=_error(outcome),
        surely_not_accepted=rule.surely_not_accepted,
        alarm=rule.alarm,
        refresh_token=rule.refresh_token,
        after_s=_after_s(outcome),
        trouble=rule.trouble,
        slower=rule.slower,
    )


_NO_REPLY_ERRORS: dict[Cause, str] = {
    "dns": "name not found",
    "connect": "no connection",
    "tls": "no secure connection",
    "timeout": "timeout",
    "broken": "connection broken",
    "too_large": "answer too large",
    "not_called": "not called",
}
_WHILE_CONNECTING = f"{_NO_REPLY_ERRORS['timeout']} while connecting"
_PHRASES = frozenset({*_NO_REPLY_ERRORS.values(), _WHILE_CONNECTING})


def _error(outcome: GatewayOutcome) -> str:
    """A short, stable phrase for people, which holds nothing personal."""
    if isinstance(outcome, NoReply):
        phrase = _NO_REPLY_ERRORS[outcome.cause]
        if outcome.cause == "timeout" and not outcome.handed_over:
            return _WHILE_CONNECTING
        return phrase
    code = shown_code(outcome)
    if code is not None:
        return f"HTTP {outcome.status} with code {code}"
    if outcome.status in _SUCCESS:
        return f"HTTP {outcome.status} without a known code"
    return f"HTTP {outcome.status}"


def shown_code(outcome: GatewayOutcome) -> int | None:
    """The gateway's own `code`, where it can be no phone number; None when there is none."""
    if isinstance(outcome, NoReply) or outcome.code is None:
        return None
    return outcome.code if abs(outcome.code) <= SHOWN_CODE_MAX else None


def counted_as(error: str) -> str:
    """The name under which messages with this `last_error` are counted.

    A name is an attribute of a counter, so there must be few, whatever a gateway makes up: its own
    `code` is left out, and a rare status is one of its class. That makes 40 names at most: 21
    statuses, 200 also without a code, nine classes, eight phrases and `other`.
    """
    match = _HTTP_ERROR.fullmatch(error)
    if match is None:
        return error if error in _PHRASES else "other"
    if int(match[1]) not in COUNTED_APART:
        return f"HTTP {match[1][0]}xx"
    no_code = match[2] is not None and match[2].startswith(" without")
    return error if no_code and int(match[1]) in _SUCCESS else f"HTTP {match[1]}"


def _after_s(outcome: GatewayOutcome) -> float | None:
    if isinstance(outcome, NoReply) or outcome.retry_after_s is None:
        return None
    # Written so that NaN, which compares False with everything, is ignored like a negative one.
    return min(outcome.retry_after_s, RETRY_AFTER_MAX_S) if outcome.retry_after_s >= 0 else None
