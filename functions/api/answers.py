"""Answers as Powertools wants them: a status, headers, a view."""

from typing import TypeVar

from aws_lambda_powertools.event_handler import Response

from functions.api.headers import NO_STORE

T = TypeVar("T")

JSON = "application/json"


def found(view: T) -> Response[T]:
    """200 with something that has no version."""
    return Response(200, JSON, view, NO_STORE)


def versioned(view: T, version: int) -> Response[T]:
    """200 with an object at a version."""
    return Response(200, JSON, view, {**NO_STORE, "ETag": f'"{version}"'})


def created(view: T, version: int | None, *, location: str) -> Response[T]:
    """201 with the object just made and where it is."""
    etag = {} if version is None else {"ETag": f'"{version}"'}
    return Response(201, JSON, view, {**NO_STORE, **etag, "Location": location})


def accepted(view: T, *, version: int | None = None, location: str | None = None) -> Response[T]:
    """202 with what is to be done, or where to see how it goes."""
    told = {"ETag": None if version is None else f'"{version}"', "Location": location}
    headers = {name: value for name, value in told.items() if value is not None}
    return Response(202, JSON, view, {**NO_STORE, **headers})


def gone() -> Response[None]:
    """204."""
    return Response(204, headers=NO_STORE)
