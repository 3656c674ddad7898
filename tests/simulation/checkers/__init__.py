"""Who judges a run: one function per promise, over what is on record. They know no use case.

Each yields a sentence for every breach it finds.
"""

from collections.abc import Callable, Iterator

from tests.simulation.checkers import (
    calls,
    counters,
    doorbells,
    flow,
    messages,
    revisions,
    trials,
)
from tests.simulation.checkers.evidence import Evidence
from tests.simulation.world import World

Checker = Callable[[Evidence], Iterator[str]]

CHECKERS: tuple[Checker, ...] = (
    calls.every_call_is_of_a_message,
    calls.one_call_at_a_time,
    calls.never_again_after_success,
    calls.no_haste,
    calls.unknown_is_left_to_people,
    calls.within_times,
    calls.within_hours,
    calls.not_to_the_deleted,
    calls.the_right_words,
    calls.the_pace,
    calls.the_breaker_spares,
    messages.all_settled,
    messages.nothing_vanishes,
    messages.the_truth,
    messages.the_deleted_are_told,
    messages.everyone_selected,
    messages.only_who_was_selected,
    messages.only_allowed_moves,
    messages.a_claim_is_left_alone,
    messages.waits_within_the_end,
    revisions.waits_no_longer_than_hours,
    revisions.reopened_for_a_reason,
    revisions.never_open_is_true,
    revisions.revised_as_a_whole,
    counters.counts_are_exact,
    counters.the_whole_is_the_sum,
    counters.the_timeline_is_exact,
    counters.recounts_finish_and_tell,
    counters.errors_are_exact,
    trials.a_trial_is_made_once,
    trials.a_trial_is_made_in_time,
    trials.a_trial_is_made_soon,
    trials.a_trial_ends_in_truth,
    flow.nothing_left_due,
    flow.always_due,
    flow.none_is_forgotten,
    doorbells.lost_doorbells_are_missed,
    flow.prompt,
    flow.finished_soon,
    flow.dead_letters_are_poison,
    flow.the_foreign_is_set_aside,
)


def breaches(world: World) -> Iterator[str]:
    """Everything that is wrong with a run that has come to rest."""
    seen = Evidence(world)
    for check in CHECKERS:
        for breach in check(seen):
            yield f"{check.__name__}: {breach}"
