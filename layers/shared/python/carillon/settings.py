"""How a function reads its settings: one typed model, once, at init.

A missing or impossible variable fails the function's start, hence its deployment, and not the
work half way through. Nothing else reads the environment.
"""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Base of each function's settings: the field `gateway_url` is the variable `GATEWAY_URL`.

    The environment is all text, so values are converted ("10" is a fine integer here), and what it
    holds besides is not ours. It holds credentials too: errors never show what they looked at.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=str.upper,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read them; `pydantic.ValidationError` names every variable that is missing or wrong."""
        return cls.model_validate(dict(environment))
