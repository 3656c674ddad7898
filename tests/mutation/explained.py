"""Why a fault that no test notices is none: data, matched by what the fault changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """Which faults: each is a regular expression that must fit the whole; empty fits all."""

    module: str = ""
    function: str = ""
    removed: str = ""
    added: str = ""


EXPLAINED: tuple[tuple[str, tuple[Match, ...]], ...] = ()
