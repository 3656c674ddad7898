"""What can be asked of the API: a method of a routes object, marked with its route.

The mark and the method's docstring are all there is to say about an endpoint: the resolver's route
and the OpenAPI document are made of them. The docstring's first line is the summary, the rest the
description, so both are written for callers of the API.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler import Response

API = "/api/v1"

_MARK = "_carillon_mark"

F = TypeVar("F", bound=Callable[..., Response[Any]])


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How a method is reached and what its good answer is.

    `answer` describes it and `headers` names those that it carries. `problems` are the statuses
    besides those that any endpoint can answer with.
    """

    method: str
    path: str
    operation_id: str
    tag: str
    answer: str
    status: int = 200
    headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    documented: bool = True


@dataclass(frozen=True)
class Endpoint:
    """A marked method, ready to be called."""

    mark: Mark
    call: Callable[..., Response[Any]]

    @property
    def is_api(self) -> bool:
        """Whether it is part of the versioned contract, and not a page beside it."""
        return self.mark.path.startswith(API)

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return self._text[0].rstrip(".")

    @property
    def description(self) -> str:
        """What else a caller should know; may be empty."""
        paragraphs = "\n".join(self._text[1:]).strip().split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)

    def matches(self, path: str) -> bool:
        """Whether a request for this path is for this endpoint or for a sister with its path."""
        return self._pattern.fullmatch(path) is not None

    def parts(self, path: str) -> dict[str, str]:
        """What stands in a path that matches, by the names of its route."""
        found = self._pattern.fullmatch(path)
        return {} if found is None else found.groupdict()

    @property
    def _text(self) -> list[str]:
        return (inspect.getdoc(self.call) or self.mark.operation_id).splitlines()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", self.mark.path))


def endpoint(
    method: str,
    path: str,
    *,
    operation_id: str,
    tag: str,
    answer: str,
    status: int = 200,
    headers: tuple[str, ...] = (),
    problems: tuple[int, ...] = (),
    documented: bool = True,
) -> Callable[[F], F]:
    """Mark a method as an endpoint."""
    mark = Mark(
        method=method,
        path=path,
        operation_id=operation_id,
        tag=tag,
        answer=answer,
        status=status,
        headers=headers,
        problems=problems,
        documented=documented,
    )

    def decorate(function: F) -> F:
        setattr(function, _MARK, mark)
        return function

    return decorate


def endpoints_of(routes: object) -> tuple[Endpoint, ...]:
    """The marked methods of a routes object, in the order of their definition."""
    return tuple(
        Endpoint(mark=mark, call=getattr(routes, name))
        for name, function in vars(type(routes)).items()
        if (mark := getattr(function, _MARK, None)) is not None
    )
