"""What the log tells about calls of the gateway, and what came of them.

A call that did not go well is a line of its own, with what was answered and when it is tried again.
Of successes there are as many as messages, and they are all alike: those whose answers came
together are one line, with their clients and how long each call took.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from carillon.concern import about
from carillon.models.gateway import GatewayOutcome, NoReply, Reply
from carillon.models.instant import format_instant
from carillon.policy.answers import Accepted, TryAgain, Verdict, classify, shown_code
from carillon.policy.outcome import Outcome
from carillon.usecases.claiming import Claimed

logger = logging.getLogger(__name__)

Answered: TypeAlias = tuple[Claimed, GatewayOutcome, Outcome]
"""Whom a call was for, what came of it, and what that makes of the message."""


def tell_calls(answered: Iterable[Answered]) -> None:
    """A line for each call that did not succeed, and one for all successes that are alike."""
    alike: defaultdict[tuple[tuple[str, object], ...], list[Answered]] = defaultdict(list)
    for each in answered:
        claimed, answer, outcome = each
        verdict = classify(answer)
        told = about(claimed.mailing, **_told(claimed, answer, verdict, outcome))
        if isinstance(verdict, Accepted):
            alike[tuple(told.items())].append(each)
        else:
            _tell_one(answer, verdict, {**ids_of(claimed), **told})
    for same, calls in alike.items():
        ids = [claimed.message.client_id for claimed, _, _ in calls]
        took = [_milliseconds(answer) for _, answer, _ in calls]
        together = {**dict(same), "client_ids": ids, "durations_ms": took}
        logger.info("gateway called", extra=together)


def ids_of(each: Claimed) -> dict[str, object]:
    """Keys of a line about one message: its own ids and those of the record that led here."""
    message = each.message
    return about(
        each.mailing,
        message_id=message.id,
        client_id=message.client_id,
        record_id=each.record.id,
    )


def heard(answer: GatewayOutcome) -> dict[str, object]:
    """Keys of a line about one call: the class of the answer, what it was, how long it took."""
    return {**_heard(answer, classify(answer)), "duration_ms": _milliseconds(answer)}


def level_of(verdict: Verdict) -> int:
    """Where nothing but WARNING is logged, each call that did not succeed still is.

    An error is what our own settings or a person must change: the token, the address.
    """
    if isinstance(verdict, TryAgain) and verdict.alarm:
        return logging.ERROR
    return logging.INFO if isinstance(verdict, Accepted) else logging.WARNING


def _tell_one(answer: GatewayOutcome, verdict: Verdict, keys: Mapping[str, object]) -> None:
    called = not (isinstance(answer, NoReply) and answer.cause == "not_called")
    message = "gateway called" if called else "gateway not called"
    extra = {**keys, "duration_ms": _milliseconds(answer)}
    logger.log(level_of(verdict), message, extra=extra)


def _told(
    claimed: Claimed, answer: GatewayOutcome, verdict: Verdict, outcome: Outcome
) -> dict[str, object]:
    """What one call has in common with others: all but its client and its time."""
    after = outcome.message
    return {
        "attempt": claimed.message.attempts,
        **_heard(answer, verdict),
        "message_status": after.status,
        "reason": after.reason,
        "next_at": None if outcome.ring_at is None else format_instant(outcome.ring_at),
    }


def _heard(answer: GatewayOutcome, verdict: Verdict) -> dict[str, object]:
    status: int | str
    if isinstance(answer, Reply):
        status, told = answer.status, answer.excerpt
    else:
        status, told = answer.cause, answer.detail
    keys = {
        "verdict": type(verdict).__name__,
        "status": status,
        "code": shown_code(answer),
        "answer": told or None,
    }
    return {name: value for name, value in keys.items() if value is not None}


def _milliseconds(answer: GatewayOutcome) -> int:
    return round(answer.duration_s * 1000)
