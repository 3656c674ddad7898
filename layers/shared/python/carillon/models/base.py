"""What every model has in common: it cannot be changed, and it refuses fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen, strict about types (no "5" for 5), and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
