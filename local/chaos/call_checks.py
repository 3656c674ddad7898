"""What the gateway's ledger must look like. Pure; each check is proved by a unit test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from local.chaos.evidence import Evidence, Finding, Span
from local.gateway import CallRecord, Mood

GRACE_S = 5.0
"""What an operator changes holds at the latest so long after the answer."""

RECORD_S = 5.0
"""A sender notes an answer within a second or two; who dies within this may not have noted it."""

CUT_SHARE = 0.9
"""A call that took this share of the longest time may have been cut while its answer was sent."""

ANSWER_LOST = frozenset({Mood.HTTP_500_ACCEPTED, Mood.DROP_AFTER, Mood.DRIP, Mood.LATE})
"""Moods that accept the message and do not say so, or not in time."""


def one_id_on_all_calls(evidence: Evidence) -> Finding:
    """The same id on every call for a message, and on no other's."""
    phones = {
        gateway_id: evidence.clients.get(message["client_id"])
        for gateway_id, message in evidence.messages_by_id.items()
    }
    wrong = [
        f"{evidence.name(call.gateway_id)}: call {call.number} went to another client"
        for call in evidence.calls
        if call.phone is not None and phones.get(call.gateway_id) != str(call.phone)
    ]
    return Finding("calls, each with its message's own id", f"{len(evidence.calls)}", tuple(wrong))


def no_two_calls_at_once(evidence: Evidence) -> Finding:
    """A claim is over before the next begins."""
    wrong = [
        f"{evidence.name(gateway_id)}: calls {first.number} and {second.number}"
        for gateway_id, calls in evidence.calls_by_id.items()
        for first, second in pairwise(calls)
        if first.ended_at is None or second.begun_at < first.ended_at
    ]
    return Finding("calls for one message at the same time", f"{len(wrong)}", tuple(wrong))


def repeated_only_when_in_doubt(evidence: Evidence) -> Finding:
    """What was accepted is called for again only if the sender could not know."""
    interruptions = evidence.misfortunes.interrupted_senders()
    reasons: Counter[str] = Counter()
    wrong = []
    for gateway_id, calls in evidence.calls_by_id.items():
        for call in calls[:-1]:
            if not call.accepted:
                continue
            if why := _doubt(call, interruptions, evidence.gateway_timeout_s):
                reasons[why] += 1
            else:
                wrong.append(f"{evidence.name(gateway_id)}: again after call {call.number}")
    twice = sum(times > 1 for times in evidence.accepted.values())
    told = ", ".join(f"{count} {why}" for why, count in sorted(reasons.items()))
    figure = f"{twice} (calls repeated though accepted: {told or 'none'})"
    return Finding("messages accepted more than once", figure, tuple(wrong))


def nothing_at_or_after_the_end(evidence: Evidence) -> Finding:
    """No call begins then."""
    wrong = [
        f"{evidence.name(call.gateway_id)}: {call.begun_at - evidence.ends_at:.2f} s after"
        for call in evidence.calls
        if call.begun_at >= evidence.ends_at
    ]
    return Finding("calls at or after the end", f"{len(wrong)}", tuple(wrong))


def nothing_to_deleted_clients(evidence: Evidence) -> Finding:
    """No call begins later than 5 s after the deletion."""
    deleted = evidence.misfortunes.deleted
    wrong = []
    for call in evidence.calls:
        message = evidence.messages_by_id.get(call.gateway_id)
        at = deleted.get(message["client_id"]) if message else None
        if at is not None and call.begun_at > at + GRACE_S:
            wrong.append(f"{evidence.name(call.gateway_id)}: {call.begun_at - at:.2f} s after")
    return Finding(f"calls to {len(deleted)} deleted clients", f"{len(wrong)}", tuple(wrong))


def nothing_while_paused(evidence: Evidence) -> Finding:
    """No call begins from 5 s after the pause on until the mailing goes on."""
    pauses = evidence.misfortunes.pauses
    wrong = [
        f"{evidence.name(call.gateway_id)}: {call.begun_at - pause.begin:.2f} s after the pause"
        for pause in pauses
        for call in evidence.calls
        if pause.begin + GRACE_S < call.begun_at < pause.end
    ]
    held_s = sum(max(0.0, each.end - each.begin - GRACE_S) for each in pauses)
    return Finding(f"calls begun in {held_s:.0f} s of pause", f"{len(wrong)}", tuple(wrong))


def _doubt(call: CallRecord, interruptions: Iterable[Span], timeout_s: float) -> str | None:
    """Why the sender of an accepted call could not know that it was; None when it could."""
    if call.answer == "caller left" or call.ended_at is None:
        return "cut"
    if call.answer in ANSWER_LOST:
        return "with the answer lost"
    if any(
        call.begun_at <= each.end and each.begin <= call.ended_at + RECORD_S
        for each in interruptions
    ):
        return "whose sender was killed"
    return "cut" if call.ended_at - call.begun_at > CUT_SHARE * timeout_s else None
