"""Lists in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; `cursor` continues it and is None at the end. May be empty before that."""

    items: Sequence[T]
    cursor: str | None
