"""Why a fault that no test notices is none: data, matched by what the fault changes.

A match is as narrow as its reason: a whole line before and after, or a pattern over both. Line
numbers and mutmut's own numbers of faults appear nowhere, so that an explanation holds as long as
the line does.
"""

import re
from dataclasses import dataclass

from tests.mutation.faults import Fault


@dataclass(frozen=True, slots=True)
class Match:
    """Which faults, by what is not empty: exact texts, `above` being the line above the change,
    and `change`, a regular expression that must fit all of "removed -> added"."""

    module: str = ""
    function: str = ""
    removed: str = ""
    added: str = ""
    change: str = ""
    above: str = ""

    def fits(self, fault: Fault) -> bool:
        """Whether this fault is meant."""
        texts = (
            (self.module, fault.module),
            (self.function, fault.function),
            (self.removed, fault.removed),
            (self.added, fault.added),
            (self.above, fault.above),
        )
        if any(wanted and wanted != text for wanted, text in texts):
            return False
        change = f"{fault.removed} -> {fault.added}"
        return not self.change or re.fullmatch(self.change, change) is not None


EXPLAINED: dict[str, tuple[Match, ...]] = {
    "lengths that zip compares are equal by construction; `strict` guards against a slip": (
        Match(change=r"(.*)strict=(?:True|False)(.*) -> \1(?:strict=(?:None|True|False))?\2"),
    ),
    "an error's words are for people; its class and field are what is acted upon": (
        Match("usecases/mailings.py", "shown_mailing", added="raise NotFound(None)"),
        Match(change=r'raise (\w+)\((.*)f?"[^"]*"\) -> raise \1\(\2(None|f?"[^"]*")\)'),
    ),
    "a case that does nothing, as does no case at all": (
        Match("usecases/advancing.py", "Advancing.advance", change=r"case _: pass .* -> "),
        Match("usecases/deciding.py", "Deciding._carry_out", change=r"case .*: pass .* -> "),
        Match("usecases/ticking.py", "_command", removed="case _: return None", change=".* -> "),
    ),
    "it runs when its module is imported, before a fault is switched on": (
        Match("policy/answers.py", "_status"),
    ),
    "overwritten in the same function before anybody sees it": (
        Match(
            "policy/outcome.py",
            change=r"(.*)\(token=token, at=now, (.*)\) -> "
            r"\1\((?:token=None, at=now|token=token, at=None), \2\)",
        ),
    ),
    "the bound beside it decides": (
        Match(
            "policy/retry.py",
            added="ceiling_s = min(most_s, BACKOFF_MIN_S * 2 ** min(attempts, 8))",
        ),
        Match(
            "policy/retry.py",
            added="floor_s = min(WAIT_MAX_S, max(BACKOFF_MIN_S, after_s or 1.0))",
        ),
        Match("usecases/passes.py", "TimeLeft.__init__", added="self._slowest_s = 1.0"),
    ),
    "either side of the bound gives the same": (
        Match(
            "policy/revision.py",
            added="retried = message.attempts > 0 and now <= message.not_before <= now + _WAIT_MAX",
        ),
    ),
    "a search that begins earlier or looks further finds the same first opening": (
        Match("policy/hours.py", "next_opening", change=r"(.*) > now (.*) -> \1 >= now \2"),
        Match("policy/hours.py", "_starts", added="today = now.astimezone(None).date()"),
        Match("policy/hours.py", "_starts", added="for offset in range(-2, _DAYS_AHEAD + 1):"),
        Match("policy/hours.py", "_starts", added="for offset in range(-1, _DAYS_AHEAD + 2):"),
        Match(
            "policy/hours.py",
            "_offset_changes",
            added="before, after = now - day * _DAY, now + (day + 1) * _DAY",
        ),
        Match(
            "policy/hours.py",
            "_offset_changes",
            added="before, after = now + day * _DAY, now + (day + 2) * _DAY",
        ),
    ),
    "a start that is skipped lies within a day, and so does the change that skips it": (
        Match("policy/hours.py", "_offset_changes", "continue", "break"),
    ),
    "an instant that is found to a few milliseconds is cut to its second": (
        Match(
            "policy/hours.py",
            "_offset_changes",
            change=r"while after - before > .* -> while after - before >=? .*",
        ),
        Match(
            "policy/hours.py",
            "_offset_changes",
            added="middle = before + (after - before) / 3",
        ),
    ),
    "what a model refuses cannot come: a window that is as long as nothing": (
        Match(
            "policy/hours.py",
            "is_open",
            change=r"(.*) if start < end (.*) -> \1 if start <= end \2",
        ),
    ),
    "a transaction is cut an item sooner or later, with room to spare either way": (
        Match(
            "usecases/counting.py",
            "_transactions",
            change=r"if last is not None and .* TRANSACTION_ITEMS_MAX - 1: -> "
            r"if last is not None and .* TRANSACTION_ITEMS_MAX [+-] [12]:",
        ),
    ),
    "one empty value, or one that is none, does as well as another": (
        Match("usecases/clients.py", "changed", change=r'(.*), ""\)(.*) -> \1, "XXXX"\)\2'),
        Match(
            "usecases/revising.py",
            "Revising.revise",
            change=r"leave\(through=False\)(.*) -> leave\(through=None\)\1",
        ),
        Match(
            "usecases/revising.py", "Revising._page", change=r"fence = False(.*) -> fence = None\1"
        ),
    ),
    "whoever leaves looks again whether the change is still asked for": (
        Match(
            "usecases/revising.py",
            "Revising.revise",
            "leave(through=False)",
            "leave(through=True)",
            above="if present is None or not"
            " _is_asked_for(present, command.number, self.clock.now()):",
        ),
    ),
    "there is nothing before it to be added to": (
        Match(
            "usecases/revising.py",
            "Revising._leave",
            added='fields = {"revision_leases": tuple(leases)}',
        ),
    ),
    "asked for nothing, a port answers with nothing; the condition spares the call": (
        Match(
            "usecases/revising.py",
            "Revising._revise",
            change=r"(.*) if refused else \[\] -> \1 if \(refused\) or True else \[\]",
        ),
    ),
    "a settled message waits for nothing, so it has no opening to be noted": (
        Match(
            "usecases/slicing.py", "Slicing._page", change=r".*_is_pending.* -> .*filter\(None.*"
        ),
    ),
    "it is never asked for: what is closed spares nobody": (
        Match("usecases/breaker.py", "SenderBreaker.delay_s", added="return 1"),
    ),
    "records that came so often are handled one by one": (
        Match("usecases/delivering.py", "Delivering._come_again", "continue", "break"),
    ),
}
