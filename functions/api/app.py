"""The API put together: ports in, a function from API Gateway's event to its answer out.

One Powertools resolver routes and validates; around it, what arrives is made plain before and
every error becomes a problem document after.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from carillon import telemetry
from carillon.concern import concerning
from carillon.errors import CarillonError
from carillon.ports import Clock
from functions.api import openapi
from functions.api.callers import CallerOfRequest, known_subject
from functions.api.composition import Ports, endpoints
from functions.api.endpoint import Endpoint, endpoints_of
from functions.api.errors import UnknownParameters, answer_to
from functions.api.headers import protected
from functions.api.ids import logged_ids
from functions.api.incoming import Event, admit, read_json
from functions.api.routes.documentation import STATIC, DocumentationRoutes
from functions.api.routes.sign_in import Console, SignInRoutes

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_log: logging.Logger = telemetry.function_logger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Next = Callable[[APIGatewayHttpResolver], Response[Any]]


@dataclass(frozen=True, slots=True)
class Api:
    """The whole API; `answer` is what a handler calls."""

    resolver: APIGatewayHttpResolver
    endpoints: tuple[Endpoint, ...]
    clock: Clock

    def answer(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        """API Gateway's answer (payload format 2.0) to its event."""
        begun_at = self.clock.now()
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        asked = next((each for each in self._at(path) if each.mark.method == method), None)
        named = {
            **(event.get("queryStringParameters") or {}),
            **(asked.parts(path) if asked else {}),
        }
        with concerning(**logged_ids(named)):
            answer = protected(self._answer(event, context), path=path)
            took = self.clock.now() - begun_at
            _log.info(
                "answered",
                extra={
                    # The route and not the path, which may hold anything, also a phone.
                    "method": method if method in _METHODS else None,
                    "route": asked.mark.path if asked else None,
                    "operation": asked.mark.operation_id if asked else None,
                    "status": answer["statusCode"],
                    "duration_ms": round(took.total_seconds() * 1000),
                },
            )
        return answer

    def _answer(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        foreign = self._other_methods(event["requestContext"]["http"]["method"], event["rawPath"])
        try:
            if not self._is_open(event["rawPath"]):
                known_subject(event)
            admitted = admit(event)
            if foreign:
                raise NotFoundError
        except (CarillonError, NotFoundError) as error:
            answer = answer_to(error, path=event["rawPath"], allowed_methods=foreign)
            return {
                "statusCode": answer.status,
                "headers": answer.headers,
                "body": answer.body,
                "isBase64Encoded": False,
            }
        result = self.resolver.resolve(admitted, context)
        return {**result, "body": result["body"] or ""}  # text, as the format has it, never null

    def explain(self, error: Exception) -> Response[str]:
        """The problem document for what happened while a request was worked on."""
        answer = answer_to(error, path=self.resolver.current_event.path)
        return Response(answer.status, body=answer.body, headers=answer.headers)

    def _other_methods(self, method: str, path: str) -> list[str]:
        """Those that a path allows, where the request's own is none of them."""
        allowed = {each.mark.method for each in self._at(path)}
        return [] if method in allowed else sorted(allowed)

    def _at(self, path: str) -> list[Endpoint]:
        """The endpoints of a path. One that is spelt out, as an export, is nobody's id."""
        spelt_out = [each for each in self.endpoints if each.mark.path == path]
        return spelt_out or [each for each in self.endpoints if each.matches(path)]

    def document(self) -> str:
        """The OpenAPI document, as text."""
        return openapi.document(self.resolver, self.endpoints)

    def _is_open(self, path: str) -> bool:
        """Whether a stranger may ask: only for the pages, and never for what nobody thought of."""
        return any(each.matches(path) for each in self.endpoints if not each.is_api)


def compose(ports: Ports, *, console: Console, static: Path = STATIC) -> Api:
    """Make the API; `static` holds the files of `/docs`."""
    resolver = APIGatewayHttpResolver(
        enable_validation=True,
        response_validation_error_http_code=500,  # an answer of a wrong shape is our mistake
        debug=False,
        serializer=partial(json.dumps, separators=(",", ":"), ensure_ascii=False),
        json_body_deserializer=read_json,
    )
    api = Api(
        resolver=resolver,
        endpoints=(
            *endpoints(ports, CallerOfRequest(resolver)),
            *endpoints_of(SignInRoutes(ports.provider, console, resolver)),
            *endpoints_of(DocumentationRoutes(cache(lambda: api.document()), static)),
        ),
        clock=ports.clock,
    )
    for each in api.endpoints:
        resolver.route(
            each.mark.path,
            each.mark.method,
            operation_id=each.mark.operation_id,
            status_code=each.mark.status,
            include_in_schema=each.mark.documented,
            enable_validation=each.mark.documented,  # pages are sent as they are, in bytes
            compress=not each.mark.documented,
            middlewares=[_refuse_unknown_parameters, _refuse_unknown_fields] if each.is_api else [],
        )(each.call)
    resolver.exception_handler(Exception)(api.explain)
    return api


def _refuse_unknown_parameters(app: APIGatewayHttpResolver, next_middleware: Next) -> Response[Any]:
    """A misspelt filter would otherwise list everything."""
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    unknown = sorted(app.current_event.query_string_parameters.keys() - known)
    if unknown:
        raise UnknownParameters(unknown)
    return next_middleware(app)


def _refuse_unknown_fields(app: APIGatewayHttpResolver, next_middleware: Next) -> Response[Any]:
    """An action that asks for no body knows no field: nothing at all or `{}` will do."""
    takes_a_body = bool(app.context["_route"].dependant.body_params)
    unknown = [] if takes_a_body else list(app.current_event.json_body or {})
    if unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("body", name)} for name in unknown]
        )
    return next_middleware(app)
