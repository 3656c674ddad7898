"""Mistakes in a request, found by pydantic, in words that say what to do instead."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from carillon.models.client import TAG_PATTERN

PATTERNS: Mapping[str, str] = {
    r"^7[0-9]{10}$": "must be 7 and ten digits, for example 79000000001",
    r"^[0-9]{3}$": "must be three digits, for example 900",
    TAG_PATTERN: "must be one line without space at its start or end, or control characters",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": "must be a time from 00:00 to 23:59, for example 09:30",
    r"\S": "must not be blank",
    r"^[\x20-\x7e]+$": "must be printable ASCII",
}
"""What a value has to look like where a pattern says so."""


MISTAKES_MAX = 100
"""Told at once: a body of nothing but unknown fields need not be answered field by field."""


class FieldError(BaseModel):
    """One mistake and where it is."""

    field: str = Field(
        description="path in the body, such as `filter.tags.0`, or a parameter's name",
        examples=["phone"],
    )
    message: str = Field(
        description="what to do instead",
        examples=["must be 7 and ten digits, for example 79000000001"],
    )


def _at_least(context: Mapping[str, Any]) -> str:
    least = context["min_length"]
    return "must not be empty" if least == 1 else f"must have at least {least} characters"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is required",
    "extra_forbidden": lambda _: "is not a known field",
    "string_type": lambda _: "must be text",
    "string_unicode": lambda _: "must be valid Unicode",
    "string_too_short": _at_least,
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
    "string_pattern_mismatch": lambda context: PATTERNS.get(context["pattern"], "is malformed"),
    "too_long": lambda context: f"must have at most {context['max_length']} items",
    "tuple_type": lambda _: "must be a list of texts",
    "enum": lambda context: f"must be one of {context['expected']}",
    "literal_error": lambda context: f"must be one of {context['expected']}",
    "int_parsing": lambda _: "must be a whole number",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "model_type": lambda _: "must be an object",
    "model_attributes_type": lambda _: "must be an object",
    "value_error": lambda context: str(context["error"]),
}


def field_errors(found: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors, whose `loc` begins with where the value came from, in our words."""
    return [
        FieldError(field=_field_of(error["loc"]), message=_message_of(error))
        for error in found[:MISTAKES_MAX]
    ]


def header_name(name: str) -> str:
    """As people write it, `If-Match`: Powertools knows headers in lower case."""
    return name.title()


def _field_of(loc: Sequence[str | int]) -> str:
    path = ".".join(str(step) for step in loc[1:])
    return header_name(path) if loc[0] == "header" else path or "body"


def _message_of(error: Mapping[str, Any]) -> str:
    in_words = _WORDS.get(error["type"])
    # Whatever pydantic may still find is better told in its words than not at all.
    return in_words(error.get("ctx", {})) if in_words else str(error["msg"])
