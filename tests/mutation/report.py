"""The result of a run: a table by module, one by reason, and the survivors nobody explained."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.mutation.explained import EXPLAINED, Match
from tests.mutation.faults import Fault


def report(faults: Sequence[Fault], *, whole: bool) -> int:
    """Print it; exit code 1 when a survivor has no explanation or an explanation no survivor.

    `whole` says that all modules were tried, so that an explanation of any has its survivors here.
    """
    reasons = {fault: _reason(fault) for fault in faults if fault.survived}
    unexplained = [fault for fault, reason in reasons.items() if reason is None]
    tried = {fault.module for fault in faults} | ({""} if whole else set())
    outdated = list(_outdated(tried, reasons))
    untried = sum(fault.ended is None for fault in faults)
    _print_modules(faults, reasons)
    _print_reasons(reasons)
    for fault in unexplained:
        print(f"\n{fault.module} {fault.function}", *fault.diff, sep="\n  ")
    for match in outdated:
        print(f"\nexplains nothing any more: {match}")
    if untried:
        print(f"\n{untried} faults were not tried")
    return 1 if unexplained or outdated or untried or not faults else 0


def _print_modules(faults: Sequence[Fault], reasons: Mapping[Fault, str | None]) -> None:
    row = "{:<26} {:>6} {:>6} {:>8} {:>9}".format
    print(row("", "faults", "killed", "survived", "explained"))
    for module in [*sorted({fault.module for fault in faults}), ""]:
        mine = [fault for fault in faults if module in ("", fault.module)]
        survived = [fault for fault in mine if fault.survived]
        killed = sum(fault.ended is not None for fault in mine) - len(survived)
        explained = sum(reasons[fault] is not None for fault in survived)
        print(row(module or "all", len(mine), killed, len(survived), explained))


def _print_reasons(reasons: Mapping[Fault, str | None]) -> None:
    print("\nsurvivors by reason")
    for reason, count in Counter(reasons.values()).most_common():
        print(f"{count:>4}  {reason or 'not explained'}")


def _reason(fault: Fault) -> str | None:
    return next(
        (
            reason
            for reason, matches in EXPLAINED.items()
            if any(match.fits(fault) for match in matches)
        ),
        None,
    )


def _outdated(modules: Collection[str], survivors: Collection[Fault]) -> Iterator[Match]:
    """Explanations of these modules, or (`""`) of any, that fit none of the survivors."""
    for match in (each for matches in EXPLAINED.values() for each in matches):
        if match.module in modules and not any(match.fits(fault) for fault in survivors):
            yield match
