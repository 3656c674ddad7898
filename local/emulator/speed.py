"""What makes MiniStack quicker without changing what can be observed.

All of it can be switched off (`--no-speed-patches`, or CARILLON_EMULATOR_SPEED=off), and the
end-to-end tests pass then too, only later.
"""

from __future__ import annotations

import sys

from local.emulator import (
    modest_workers,
    quick_conditions,
    quick_copies,
    quick_json,
    quick_partiql,
    quick_permissions,
    quick_scan,
    quick_sizes,
)

# Scheduler promises a minute; MiniStack looks every 10 s. A person who waits for a start prefers 1.
SCHEDULE_TICK_S = 1
# How long MiniStack waits for a first log line of a handler that may have printed nothing; it adds
# this to every quiet invocation. A line that comes later is taken with the next invocation's.
FIRST_LOG_LINE_WAIT_S = 0.005


# A thread that wants to run asks for its turn after so long; Python's own 5 ms, for each of the
# dozen turns between threads that an invocation takes, are most of what a page waits.
SWITCH_S = 0.001


def install() -> None:
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime, responses
    from ministack.services import dynamodb, scheduler, sqs

    quick_scan.install(dynamodb)
    quick_partiql.install(dynamodb)
    quick_conditions.install(dynamodb)
    quick_copies.install(dynamodb)
    quick_sizes.install(dynamodb)
    quick_permissions.install(iam_actions, iam_evaluator, dynamodb, sqs)
    quick_json.install(responses, lambda_runtime)
    modest_workers.install(lambda_runtime)
    sys.setswitchinterval(SWITCH_S)
    scheduler._SCHEDULE_TICK_INTERVAL = SCHEDULE_TICK_S
    drain = lambda_runtime.Worker._drain_stderr_bounded
    _, idle_confirm_s, hard_cap_s = drain.__defaults__
    drain.__defaults__ = (FIRST_LOG_LINE_WAIT_S, idle_confirm_s, hard_cap_s)
