"""What a look over the whole directory found: how many clients have what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Trait = Literal["operator_code", "tags", "timezone"]
"""What clients can be counted by."""


@dataclass(frozen=True, slots=True)
class Census:
    """Clients that were counted.

    `by` has, for each trait that was asked for, how many clients have which value; a client counts
    for each of its tags. Unless `exact`, time was up before everybody was looked at, so each
    number is a lower bound.
    """

    clients: int
    by: Mapping[Trait, Mapping[str, int]]
    exact: bool
