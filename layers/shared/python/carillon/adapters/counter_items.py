"""How counters are named in the items of the statistics table."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carillon.adapters.items import from_item
from carillon.models.instant import format_instant
from carillon.models.statistics import Counts, Tally, is_of_errors


def minute_key(minute: datetime, part: str) -> str:
    """The sort key of one part of a minute."""
    return f"{minute_start(minute)}#{part}"


def minute_start(minute: datetime) -> str:
    """What the sort keys of all its parts begin with, and those of later minutes come after."""
    return f"minute#{format_instant(minute)}"


def numbers(item: Mapping[str, Any]) -> dict[str, int]:
    """All counters of an item."""
    return {name: value for name, value in from_item(item).items() if isinstance(value, int)}


def joined(name: str, recount: int) -> str:
    """The attribute of a counter; what was never recounted has bare names."""
    return f"{name}~{recount}" if recount else name


def split(attribute: str) -> tuple[str, int]:
    """The counter's name, and of which recount it is."""
    name, _, recount = attribute.partition("~")
    return name, int(recount or 0)


def by_name(found: Mapping[str, int]) -> Counter[str]:
    """Counters of all recounts together."""
    sums: Counter[str] = Counter()
    for attribute, number in found.items():
        sums[split(attribute)[0]] += number
    return sums


def of_all(moves: Mapping[str, int]) -> dict[str, int]:
    """What counts for all mailings together, too."""
    return {name: by for name, by in moves.items() if not is_of_errors(name)}


def tally(moves: Mapping[str, int]) -> Tally:
    """Those of them that a tally has."""
    return Tally(**{name: moves[name] for name in Tally.model_fields if name in moves})


def counts(moves: Mapping[str, int]) -> Counts:
    """Those of them that counts have."""
    return Counts(**{name: moves[name] for name in Counts.model_fields if name in moves})
