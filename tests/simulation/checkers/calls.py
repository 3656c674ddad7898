"""Promises 1 and 2, judged by the calls that the gateway got."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from carillon.models.gateway import Reply
from carillon.models.mailing import Mailing, MailingStatus
from carillon.policy.hours import is_open
from tests.simulation.checkers.evidence import (
    GRACE,
    INVOCATION,
    SKEW,
    Evidence,
    said_so,
    surely_not,
)
from tests.simulation.gateway import Call
from tests.simulation.mailing_operators import TEXTS

CLAIM_OUTLIVES_CALL = timedelta(seconds=9)
"""10 s, less what two clocks differ and what recording the answer took."""

WAIT_MIN = timedelta(seconds=4.4)
"""The shortest backoff is 5 s, less what two clocks differ."""

BEGUN_LATE_MAX_S = 3.0
"""A call begins within so long of the facts that it rests on, and its slot is no older."""

SAVED_UP_S = 0.25
"""An idle gateway saves up so much of its pace."""

ANSWERS_REMEMBERED = 100
FAILURES_TO_OPEN = 20
PAUSE_MIN = timedelta(seconds=2.4)
"""The shortest pause of a breaker is 5 s, cut by up to half."""


def every_call_is_of_a_message(seen: Evidence) -> Iterator[str]:
    """Promise 5: a message has one id towards the gateway, on every attempt; so has a trial."""
    for call in seen.strangers:
        yield f"called with id {call.gateway_id} at {call.begun}, which no message has"


def one_call_at_a_time(seen: Evidence) -> Iterator[str]:
    """Promise 1: no two calls for one message at the same time."""
    for key, before, after in _consecutive(seen):
        if after.begun < before.ended:
            yield f"{key} called at {after.begun} while the call of {before.begun} went on"


def never_again_after_success(seen: Evidence) -> Iterator[str]:
    """Promise 1: a further call only when the one before failed or is not known.

    A sender may die between a success and its record; then nobody knows, and the message is called
    for again, once its claim has run out.
    """
    for key, before, after in _consecutive(seen):
        if said_so(before) and after.begun - before.ended < CLAIM_OUTLIVES_CALL:
            yield f"{key} called at {after.begun}, although {before.begun} succeeded"


def no_haste(seen: Evidence) -> Iterator[str]:
    """A further call waits for the backoff, unless a person had the message reopened."""
    for key, before, after in _consecutive(seen):
        waited = after.begun - before.ended
        if waited < _to_be_waited(seen, key, before) and not seen.reopened(
            key, before.begun, after.begun
        ):
            yield f"{key} called again at {after.begun}, {waited} after {before.outcome}"


def unknown_is_left_to_people(seen: Evidence) -> Iterator[str]:
    """Without `retry_unknown` only a resend brings a call after one that may have been accepted."""
    if seen.world.cloud.settings.retry_unknown:
        return
    for key, before, after in _consecutive(seen):
        if not surely_not(before) and not seen.reopened(key, before.begun, after.begun):
            yield f"{key} called again at {after.begun} after {before.outcome}"


def within_times(seen: Evidence) -> Iterator[str]:
    """Promise 2: not before the start, not at or after the end, and not for a mailing undone."""
    for key, calls in seen.calls.items():
        for call in calls:
            if not any(_allows(each, call) for each in seen.mailing_around(key[0], call.begun)):
                yield f"{key} called at {call.begun}, which no mailing of the last 5 s allows"


def within_hours(seen: Evidence) -> Iterator[str]:
    """Promise 2: not outside the client's allowed hours, by any zone of the last seconds."""
    for key, calls in seen.calls.items():
        for call in calls:
            windows = [each.time_window for each in seen.mailing_around(key[0], call.begun)]
            zones = [each.timezone for each in seen.client_around(key[1], call.begun)]
            near = (call.begun - SKEW, call.begun, call.begun + SKEW)
            if not any(
                window is None or is_open(window, zone, moment)
                for window in windows
                for zone in zones
                for moment in near
            ):
                yield f"{key} called at {call.begun}, outside of {windows} in {zones}"


def not_to_the_deleted(seen: Evidence) -> Iterator[str]:
    """Promise 2: nothing after the client was deleted."""
    for key, calls in seen.calls.items():
        gone_at = seen.gone_at(key[1])
        for call in calls:
            if gone_at is not None and call.begun > gone_at + GRACE:
                yield f"{key} called at {call.begun}, the client was deleted at {gone_at}"


def the_right_words(seen: Evidence) -> Iterator[str]:
    """The text is one that the mailing had within the last seconds, the phone the client's."""
    for key, calls in seen.calls.items():
        for call in calls:
            texts = {each.text for each in seen.mailing_around(key[0], call.begun)}
            phones = {each.phone for each in seen.client_around(key[1], call.begun)}
            if call.text not in texts or call.phone not in phones:
                yield f"{key} was sent {call.text!r} to {call.phone}"


def the_pace(seen: Evidence) -> Iterator[str]:
    """In no time are more parts begun than the pace allows, however many senders there are.

    Allowed on top: what an idle gateway saves up, how late a call may begin in its slot, and what
    two clocks differ by.
    """
    pace = seen.world.cloud.settings.parts_per_s
    if pace is None:
        return
    on_top = pace * (SAVED_UP_S + BEGUN_LATE_MAX_S + SKEW.total_seconds())
    start, begun, lowest = None, 0, 0.0
    for call in seen.world.cloud.gateway.calls:
        start = start or call.begun
        due = pace * (call.begun - start).total_seconds()
        lowest = min(lowest, begun - due)
        begun += TEXTS[call.text]
        if begun - due - lowest > on_top + max(TEXTS.values()):
            yield f"at {call.begun} {begun - due - lowest:.1f} parts more than the pace allows"
            return


def the_breaker_spares(seen: Evidence) -> Iterator[str]:
    """When nine in ten of its last 100 answers, and 20 at least, told of trouble, a sender makes
    one call at a time, with pauses, until one succeeds."""
    for sender, last_at, planned, made in open_breakers(seen):
        if len(made) > 1:
            yield f"sender {sender} made {len(made)} calls at {planned}, not one probe"
        if planned - last_at < PAUSE_MIN:
            yield f"sender {sender} made a probe at {planned}, too soon after {last_at}"


def open_breakers(seen: Evidence) -> Iterator[tuple[int, datetime, datetime, list[Call]]]:
    """(sender, when it opened or failed to close, when it planned, what it called) while a breaker
    must be open."""
    by_sender: dict[int, list[Call]] = defaultdict(list)
    for call in seen.world.cloud.gateway.calls:
        by_sender[call.sender].append(call)
    for sender, calls in by_sender.items():
        heard: list[bool] = []
        opened_at: datetime | None = None
        for planned, group in groupby(calls, key=lambda call: call.planned):
            together = list(group)
            made = [call for call in together if not seen.is_of_trial(call)]
            if opened_at is not None and made:
                yield sender, opened_at, planned, made
            for call in sorted(together, key=lambda call: call.ended):
                is_trouble = _is_trouble(call)
                if opened_at is None:
                    heard = [*heard, is_trouble][-ANSWERS_REMEMBERED:]
                    failures, others = heard.count(True), heard.count(False)
                    if failures >= FAILURES_TO_OPEN and failures >= 9 * others:
                        opened_at, heard = call.ended, []
                elif not is_trouble:
                    opened_at = None
                elif made == [call]:
                    # What was called before it opened says nothing new, however long it takes.
                    opened_at = call.ended


def _consecutive(seen: Evidence) -> Iterator[tuple[tuple[str, str], Call, Call]]:
    for key, calls in seen.calls.items():
        for before, after in pairwise(calls):
            yield key, before, after


def _to_be_waited(seen: Evidence, key: tuple[str, str], call: Call) -> timedelta:
    """What the gateway asked for counts once it was written down, unless the end came first."""
    outcome = call.outcome
    if not isinstance(outcome, Reply) or outcome.retry_after_s is None:
        return WAIT_MIN
    said = f"HTTP {outcome.status}"
    recorded = any(
        each.new is not None
        and each.old is not None
        and each.old.claim_until is not None
        and each.new.claim_until is None
        and (each.new.last_error or "").startswith(said)
        and call.ended - SKEW <= each.at <= call.ended + CLAIM_OUTLIVES_CALL
        and each.new.attempts == seen.calls[key].index(call) + 1
        and each.new.not_before not in _ends(seen, key[0], each.at)
        for each in seen.by_message[key]
    )
    return timedelta(seconds=outcome.retry_after_s - 0.6) if recorded else timedelta(0)


def _ends(seen: Evidence, mailing_id: str, moment: datetime) -> set[datetime]:
    return {each.ends_at for each in seen.mailing_around(mailing_id, moment, INVOCATION)}


def _is_trouble(call: Call) -> bool:
    return not said_so(call) and not (
        isinstance(call.outcome, Reply) and call.outcome.status in (400, 422, 425, 429)
    )


def _allows(mailing: Mailing, call: Call) -> bool:
    return (
        not mailing.deleted
        and mailing.status is MailingStatus.RUNNING
        and mailing.starts_at - SKEW <= call.begun < mailing.ends_at
        and call.ended <= mailing.ends_at + SKEW
    )
