"""One fault planted in our own code."""

from dataclasses import dataclass

USECASES = "layers/shared/python/carillon/usecases"
POLICY = "layers/shared/python/carillon/policy"


@dataclass(frozen=True, slots=True)
class Planted:
    """A small, likely mistake: an exact piece of a source file and what stands there instead.

    `seeds` is how many may be played until it is found; `checkers` are those that are expected to
    complain, others may do so as well. What takes more than some seconds is left to the long tests.
    """

    name: str
    file: str
    old: str
    new: str
    checkers: tuple[str, ...]
    seeds: int = 200
    is_found_soon: bool = True
