"""What every model has in common: it cannot be changed, and it refuses fields it does not know."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,64}$")]
"""Of a mailing or a client. A table refuses an empty or a huge key, and with it a whole batch."""


class Model(BaseModel):
    """Frozen, strict about types (no "5" for 5), and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def not_null(value: object) -> object:
    """Validator for a change, where leaving a field out is the way to keep it."""
    if value is None:
        raise ValueError("cannot be null; leave it out to keep it")
    return value


def without_repeats(values: object) -> object:
    """Validator for labels: JSON has lists, frozen models have tuples; naming one twice is once."""
    if not isinstance(values, list | tuple | set | frozenset):
        return values
    if not all(isinstance(value, str) for value in values):
        return tuple(values)  # each is refused by itself, with its place
    return tuple(dict.fromkeys(values))
