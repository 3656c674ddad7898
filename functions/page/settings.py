"""What the page's function needs to know."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Read once at init, and without pydantic, which would take four fifths of the start: a first
    visit asks for all files at once, and starts as many instances.

    `uploads_origin` is where a browser sends files of clients, such as
    `https://bucket.s3.eu-central-1.amazonaws.com`; empty where it sends none.
    """

    uploads_origin: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read them; a missing variable is a `KeyError`, and fails the function's start."""
        return cls(uploads_origin=environment["UPLOADS_ORIGIN"])
