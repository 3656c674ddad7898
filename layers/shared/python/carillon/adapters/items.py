"""Plain values to DynamoDB's typed attributes and back.

boto3's own serializer reads every number as a Decimal and refuses floats; we only ever store text,
whole numbers, flags, lists, maps and sets of text, and these few lines are several times faster.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

from carillon.models.base import Model

M = TypeVar("M", bound=Model)

Attribute: TypeAlias = dict[str, Any]
"""`{"S": "text"}` and the like."""

Item: TypeAlias = dict[str, Any]
"""Attributes by name."""


def to_attribute(value: object) -> Attribute:
    """Type one value; TypeError for what we do not store."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case set() | frozenset():
            return {"SS": sorted(value)}
        case list() | tuple():
            return {"L": [to_attribute(element) for element in value]}
        case dict():
            return {"M": to_item(value)}
    raise TypeError(f"{type(value).__name__} is not stored")


def to_item(values: Mapping[str, object]) -> Item:
    """Type each value."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_attribute(attribute: Mapping[str, Any]) -> object:
    """The plain value; a set comes as a list."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL" | "SS":
            return value
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [from_attribute(element) for element in value]
        case "M":
            return from_item(value)
    raise TypeError(f"attribute type {kind} is not ours")


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values by name."""
    return {name: from_attribute(attribute) for name, attribute in item.items()}


def as_model(model: type[M], values: Mapping[str, Any]) -> M:
    """What was stored, perhaps by a newer version of ours: what this one does not know is left out.

    Two versions work side by side while one replaces the other, and one may have to go back.
    """
    return model.model_validate(values, strict=False, extra="ignore")
