"""`make chaos`: brings up a stack of its own, beside any that runs; 1 when anything is wrong."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from local import chaos
from local.account import forget_the_callers
from local.errors import LocalError
from local.places import LocalPaths, Ports
from local.progress import Progress
from local.stack import LocalStack

CLIENTS = 5_000
MINUTES = 20.0
MINUTES_MIN = 10.0
"""The last misfortune falls in the first quarter. What a killed sender held comes again two minutes
later, and lost doorbells are rung again some minutes after that."""


def main() -> int:
    """Run it once and print the report."""
    options = _options()
    forget_the_callers()
    signal.signal(signal.SIGTERM, _stop)
    paths = LocalPaths(LocalPaths().home / "chaos" / time.strftime("%Y%m%d-%H%M%S"))
    progress = Progress()
    scale = chaos.full(clients=options.clients, minutes=options.minutes, seed=options.seed)
    try:
        with LocalStack(
            paths=paths, ports=Ports.free(), context=chaos.CONTEXT, progress=progress
        ) as stack:
            evidence = chaos.unleash(stack, scale, progress)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    findings = chaos.judge(evidence)
    print(chaos.tell(evidence, findings))
    if any(finding.wrong for finding in findings):
        progress.say(f"Something is wrong. Seed {options.seed}; logs and state: {paths.home}")
        return 1
    shutil.rmtree(paths.home)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.chaos", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="from start to end")
    parser.add_argument("--seed", type=int, default=1, help="of the misfortunes and the gateway")
    options = parser.parse_args()
    if options.minutes < MINUTES_MIN:
        parser.error(f"less than {MINUTES_MIN:g} minutes leave no time to recover")
    return options


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave through every `with`, so that no process is left behind."""
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
