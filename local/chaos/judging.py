"""All checks of a run, in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Callable

from local.chaos import account_checks, call_checks
from local.chaos.evidence import Evidence, Finding

CHECKS: tuple[Callable[[Evidence], Finding], ...] = (
    account_checks.everything_planned_happened,
    account_checks.mailing_is_finished,
    account_checks.each_client_has_one_message,
    account_checks.each_message_is_final,
    account_checks.nobody_is_forgotten,
    account_checks.counts_equal_a_recount,
    account_checks.statuses_tell_the_truth,
    account_checks.attempts_cover_the_calls,
    call_checks.one_id_on_all_calls,
    call_checks.no_two_calls_at_once,
    call_checks.repeated_only_when_in_doubt,
    call_checks.nothing_at_or_after_the_end,
    call_checks.nothing_to_deleted_clients,
    call_checks.nothing_while_paused,
)


def judge(evidence: Evidence) -> list[Finding]:
    """What each of them found."""
    return [check(evidence) for check in CHECKS]
