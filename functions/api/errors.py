"""Every error of the API as a problem document (RFC 9457): the one place that maps them, by type.

What only an HTTP edge can meet stands here, beside the domain's own tree in `carillon.errors`:

    CarillonError
    ├── Unauthenticated           401
    ├── BodyTooLarge              413
    ├── TargetTooLong             414
    ├── UnsupportedContentType    415
    ├── HeadersTooLarge           431
    ├── NoObject                  422  JSON, but no object
    └── UnknownParameters         422  in the query
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from carillon import telemetry
from carillon.concern import learned
from carillon.errors import (
    CarillonError,
    Invalid,
    LostRace,
    Malformed,
    NotFound,
    PhoneTaken,
    QueuesUnavailable,
    SignInUnavailable,
    StateForbids,
    Unavailable,
    VersionMismatch,
)
from functions.api.headers import NO_STORE
from functions.api.mistakes import FieldError, field_errors

CONTENT_TYPE = "application/problem+json"

RETRY_AFTER_S = 1
"""DynamoDB's troubles of this kind pass within a second or so."""

INSTANCE_MAX = 1_000
"""So much of the path is told back: what is longer is none of ours."""

_log: logging.Logger = telemetry.function_logger(__name__)


class Unauthenticated(CarillonError):
    """Nobody vouches for the caller."""


class BodyTooLarge(CarillonError):
    """The body is larger than anything that we would ask for."""


class TargetTooLong(CarillonError):
    """Path and query are longer than anything that we would ask for."""


class HeadersTooLarge(CarillonError):
    """The headers are larger than API Gateway lets through."""


class UnsupportedContentType(CarillonError):
    """The body does not claim to be JSON in UTF-8."""


class NoObject(CarillonError):
    """The body is JSON, but no object."""


class UnknownParameters(CarillonError):
    """The query has parameters that this list does not know."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class Problem(BaseModel):
    """What went wrong, as RFC 9457 describes it."""

    type: str = Field(
        description="names the kind of problem, for programs",
        examples=["urn:problem-type:carillon:invalid-value"],
    )
    title: str = Field(description="the kind in words, always the same", examples=["Invalid value"])
    status: int = Field(description="the HTTP status again", examples=[422])
    detail: str = Field(
        description="what is wrong with this request", examples=["phone: is required"]
    )
    instance: str = Field(description="the request's path", examples=["/api/v1/clients"])
    errors: list[FieldError] | None = Field(
        default=None, description="with 422 only: every mistake that was found"
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its name for programs, its title for people.

    `detail` stands where the error's own words are not meant for callers.
    """

    status: int
    name: str
    title: str
    detail: str | None = None

    @property
    def type(self) -> str:
        """The problem's `type`, a URI as RFC 9457 has it."""
        return f"urn:problem-type:carillon:{self.name}"


KINDS: Mapping[type[Exception], Kind] = {
    Malformed: Kind(400, "malformed", "Malformed request"),
    Unauthenticated: Kind(401, "unauthenticated", "Unauthenticated"),
    NotFound: Kind(404, "not-found", "Not found"),
    NotFoundError: Kind(404, "not-found", "Not found", "there is nothing at this path"),
    StateForbids: Kind(409, "state-forbids", "The state does not allow it"),
    PhoneTaken: Kind(409, "phone-taken", "Phone taken", "another client has this phone number"),
    LostRace: Kind(
        409, "lost-race", "Lost race", "others changed it at the same moment; try again"
    ),
    VersionMismatch: Kind(412, "version-mismatch", "Version mismatch"),
    BodyTooLarge: Kind(413, "body-too-large", "Body too large"),
    TargetTooLong: Kind(414, "target-too-long", "Path and query too long"),
    HeadersTooLarge: Kind(431, "headers-too-large", "Headers too large"),
    UnsupportedContentType: Kind(415, "unsupported-content-type", "Unsupported content type"),
    Invalid: Kind(422, "invalid-value", "Invalid value"),
    NoObject: Kind(422, "invalid-value", "Invalid value"),
    UnknownParameters: Kind(422, "invalid-value", "Invalid value"),
    RequestValidationError: Kind(422, "invalid-value", "Invalid value"),
    Unavailable: Kind(503, "unavailable", "Unavailable", "the storage did not answer; try again"),
    SignInUnavailable: Kind(
        503, "unavailable", "Unavailable", "the identity provider did not answer; try again"
    ),
    QueuesUnavailable: Kind(
        503, "unavailable", "Unavailable", "the queues did not answer; try again"
    ),
}
_SILENT: Mapping[type[Unavailable], str] = {
    Unavailable: "storage",
    SignInUnavailable: "sign-in",
    QueuesUnavailable: "queues",
}
"""What did not answer, as it is logged."""
METHOD_NOT_ALLOWED = Kind(405, "method-not-allowed", "Method not allowed")
INTERNAL = Kind(500, "internal", "Internal error", "this is our mistake, and it has been logged")


@dataclass(frozen=True, slots=True)
class Answer:
    """A problem ready to be sent."""

    status: int
    headers: dict[str, str]
    body: str


def answer_to(error: Exception, *, path: str, allowed_methods: Sequence[str] = ()) -> Answer:
    """The problem document for an error; what nobody expected is logged and says nothing.

    `allowed_methods` are those that the path has, when the request's own is none of them.
    """
    if isinstance(error, NotFoundError) and allowed_methods:
        allow = ", ".join(allowed_methods)
        return _answer(METHOD_NOT_ALLOWED, f"this path allows {allow}", path, {"Allow": allow})
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), INTERNAL)
    headers: dict[str, str] = {}
    if kind is INTERNAL:
        _log.error("unexpected error", extra=telemetry.describe(error))
    elif isinstance(error, Unavailable):
        silent = next(_SILENT[cls] for cls in type(error).__mro__ if cls in _SILENT)
        _log.warning("unavailable", extra={"what": silent, **telemetry.describe(error)})
        headers["Retry-After"] = str(RETRY_AFTER_S)
    elif isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    mistakes = _mistakes(error)
    in_words = "; ".join(f"{mistake.field}: {mistake.message}" for mistake in mistakes)
    return _answer(kind, kind.detail or in_words or str(error), path, headers, mistakes)


def _mistakes(error: Exception) -> list[FieldError]:
    match error:
        case RequestValidationError():
            return field_errors(error.errors())
        case Invalid():
            return [FieldError(field=error.field, message=str(error))]
        case NoObject():
            return [FieldError(field="body", message=str(error))]
        case UnknownParameters():
            return [
                FieldError(field=name, message="is not a parameter here") for name in error.names
            ]
        case _:
            return []


def _answer(
    kind: Kind,
    detail: str,
    path: str,
    headers: Mapping[str, str],
    errors: list[FieldError] | None = None,
) -> Answer:
    learned(problem=kind.name)
    problem = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=quote(path[:INSTANCE_MAX], safe="/%:@!$&'()*+,;=~", errors="replace"),
        errors=errors or None,
    )
    return Answer(
        status=kind.status,
        headers={"Content-Type": CONTENT_TYPE, **NO_STORE, **headers},
        body=problem.model_dump_json(exclude_none=True),
    )
