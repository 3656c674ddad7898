"""The text of a condition is read once, not once for each item that it is asked about.

A query with a filter asks about every item of the page. MiniStack splits the text into tokens and
checks its grammar each time, though both depend on nothing but the text.
"""

from __future__ import annotations

import functools
from typing import Any

TEXTS_MAX = 256
"""Texts remembered; Carillon has a few dozen."""


def install(dynamodb: Any) -> None:
    """Quicken what is said about a text; what is asked of an item stays MiniStack's."""
    tokens_of = dynamodb._tokenize
    remembered = functools.lru_cache(TEXTS_MAX)(lambda text: tuple(tokens_of(text)))

    @functools.wraps(tokens_of)
    def tokenize(text: str) -> list[tuple[str, str]]:
        return list(remembered(text)) if type(text) is str else tokens_of(text)

    dynamodb._tokenize = tokenize
    dynamodb._condition_syntax_error = functools.lru_cache(TEXTS_MAX)(
        dynamodb._condition_syntax_error
    )
