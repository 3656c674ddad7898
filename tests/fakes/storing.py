"""What happens to every model on its way into a table and back."""

from typing import TypeVar

from carillon.models.base import Model

M = TypeVar("M", bound=Model)


def stored(model: M) -> M:
    """As it is read back: instants cut to milliseconds, every field checked again."""
    return type(model).model_validate_json(model.model_dump_json())
