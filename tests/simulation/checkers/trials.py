"""Trials, judged by the calls that the gateway got and by what a person is told in the end."""

from collections.abc import Iterator
from datetime import timedelta

from carillon.models.trial import Trial, TrialStatus
from carillon.policy.trials import as_of
from tests.simulation.checkers.evidence import GRACE, SKEW, Evidence, said_so, surely_not
from tests.simulation.gateway import Call

BEGUN_WITHIN = timedelta(minutes=5)

SOON = timedelta(seconds=90)
"""The stream, a bell, a batch before it; where AWS is slow, all of that."""


def a_trial_is_made_once(seen: Evidence) -> Iterator[str]:
    """However often its bell is delivered and whoever dies of it, the gateway is called once."""
    for key, calls in seen.trial_calls.items():
        if len(calls) > 1:
            yield f"test {key} called at {[call.begun for call in calls]}"


def a_trial_is_made_in_time(seen: Evidence) -> Iterator[str]:
    """Within minutes or not at all, to the phone and with the text that were asked for."""
    for key, calls in seen.trial_calls.items():
        trial = seen.by_trial[key][0].new
        for call in calls:
            if call.begun > trial.created_at + BEGUN_WITHIN + SKEW:
                yield f"test {key} of {trial.created_at} called at {call.begun}"
            if (call.phone, call.text) != (trial.phone, trial.text):
                yield f"test {key} was sent {call.text!r} to {call.phone}"
            if not any(not each.deleted for each in seen.mailing_around(key[0], call.begun, GRACE)):
                yield f"test {key} called at {call.begun}, its mailing was deleted"


def a_trial_is_made_soon(seen: Evidence) -> Iterator[str]:
    """In a mild world, where nobody is kept from it, each one is made within a minute or two,
    unless its mailing is deleted meanwhile."""
    world = seen.world
    if not world.is_mild or world.faults.injected["timed_out"]:
        return
    for key, events in seen.by_trial.items():
        asked_at = events[0].new.created_at
        begun = [call.begun for call in seen.trial_calls.get(key, [])]
        undone = any(each.deleted for each in seen.mailing_around(key[0], asked_at + SOON, SOON))
        if (not begun and not undone) or any(each > asked_at + SOON for each in begun):
            yield f"test {key} of {asked_at} was made at {begun}"


def a_trial_ends_in_truth(seen: Evidence) -> Iterator[str]:
    """Each one comes to an end: `sent` when the gateway said so, `failed` when it surely did not
    take it. It goes with its mailing."""
    for key, trial in seen.world.cloud.trials.by_key.items():
        if key[0] not in seen.mailings:
            yield f"test {key} outlived its mailing"
        ended = as_of(trial, seen.world.kernel.now())
        if not _is_true(ended, seen.trial_calls.get(key, [])):
            yield f"test {key} ended as {ended.status} by {seen.trial_calls.get(key)}"


def _is_true(ended: Trial, calls: list[Call]) -> bool:
    match ended.status:
        case TrialStatus.SENT:
            return ended.attempts == 1 and [said_so(call) for call in calls] == [True]
        case TrialStatus.FAILED:
            return ended.attempts == len(calls) and all(surely_not(call) for call in calls)
        case TrialStatus.UNKNOWN:
            return ended.attempts == 1 and ended.last_error is not None
        case TrialStatus.PENDING:
            return False
