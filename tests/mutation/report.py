"""The result of a run: a table by module, one by reason, and the survivors nobody explained."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tests.mutation.explained import EXPLAINED, Match
from tests.mutation.faults import Fault


def report(faults: Sequence[Fault]) -> int:
    """Print it; exit code 1 when a survivor has no explanation or an explanation no survivor."""
    survivors = [fault for fault in faults if fault.survived]
    reasons = {fault: _reason(fault) for fault in survivors}
    unexplained = [fault for fault, reason in reasons.items() if reason is None]
    _print_modules(faults, reasons)
    _print_reasons(reason for reason in reasons.values() if reason is not None)
    for fault in unexplained:
        print(f"\n{fault.module} {fault.function}", *fault.diff, sep="\n  ")
    outdated = list(_outdated(faults))
    for match in outdated:
        print(f"\nexplains nothing any more: {match}")
    untried = sum(fault.ended is None for fault in faults)
    if untried:
        print(f"\n{untried} faults were not tried")
    return 1 if unexplained or outdated or untried or not faults else 0


def _print_modules(faults: Sequence[Fault], reasons: dict[Fault, str | None]) -> None:
    row = "{:<26} {:>7} {:>7} {:>9} {:>10}".format
    print(row("", "faults", "killed", "survived", "explained"))
    for module in [*sorted({fault.module for fault in faults}), ""]:
        mine = [fault for fault in faults if module in ("", fault.module)]
        survived = [fault for fault in mine if fault.survived]
        killed = sum(fault.ended is not None for fault in mine) - len(survived)
        explained = sum(reasons[fault] is not None for fault in survived)
        print(row(module or "all", len(mine), killed, len(survived), explained))


def _print_reasons(reasons: Iterable[str]) -> None:
    for reason, count in Counter(reasons).most_common():
        print(f"{count:>5}  {reason}")


def _reason(fault: Fault) -> str | None:
    fitting = (reason for reason, matches in EXPLAINED for each in matches if _fits(each, fault))
    return next(fitting, None)


def _fits(match: Match, fault: Fault) -> bool:
    pairs = (
        (match.module, fault.module),
        (match.function, fault.function),
        (match.removed, fault.removed),
        (match.added, fault.added),
    )
    return all(not pattern or re.fullmatch(pattern, text) for pattern, text in pairs)


def _outdated(faults: Sequence[Fault]) -> Iterable[Match]:
    """Explanations about modules of this run that fit none of its survivors."""
    survivors = [fault for fault in faults if fault.survived]
    modules = {fault.module for fault in faults}
    for _, matches in EXPLAINED:
        for match in matches:
            looked_at = any(re.fullmatch(match.module or ".*", module) for module in modules)
            if looked_at and not any(_fits(match, fault) for fault in survivors):
                yield match
