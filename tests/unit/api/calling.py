"""Calls of the real API over fakes: API Gateway's events in, its answers out."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from functions.api.app import Api, compose
from functions.api.composition import Ports
from functions.api.routes.documentation import STATIC
from functions.api.routes.sign_in import Console
from tests.fakes import (
    FakeCensus,
    FakeClients,
    FakeClock,
    FakeCreations,
    FakeGauge,
    FakeImports,
    FakeJournal,
    FakeMailings,
    FakeMessages,
    FakePace,
    FakeProvider,
    FakeRefusedLines,
    FakeStatistics,
    FakeTrials,
    FakeUploads,
    SeededChance,
)
from tests.fakes.system import SOMEBODY

CONSOLE = Console(
    issuer="https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a1B2c3D4e",
    client_id="3n4b5urk1ft4fl3mg5e62d9ado",
)
REQUEST_ID = "JKJaXmPLvHcESHA="
NOT_BELOW = ("/api", "/auth", "/health", "/docs", "/open")
"""Beginnings of paths that are not below `/api/v1`."""
CLIENT = {"phone": "79000000001", "timezone": "Europe/Moscow"}
MAILING = {
    "text": "Tomorrow from ten: coffee is on us.",
    "starts_at": "2026-11-21T12:00:00Z",
    "ends_at": "2026-11-21T18:00:00Z",
    "filter": {"tags": ["vip"]},
}
"""The fakes' clock begins at 2026-11-21T10:00:00Z."""


@dataclass(frozen=True)
class Answer:
    """What API Gateway would send on."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def fields(self) -> list[str]:
        """The fields that a 422 complains about."""
        return [error["field"] for error in self.json["errors"]]


@dataclass
class World:
    """The API and what lies behind it."""

    static: Path = STATIC
    clock: FakeClock = field(default_factory=FakeClock)
    console: Console = CONSOLE

    def __post_init__(self) -> None:
        self.creations = FakeCreations(self.clock)
        self.clients = FakeClients(self.creations)
        self.census = FakeCensus(self.clients)
        self.gauge = FakeGauge()
        self.mailings = FakeMailings(self.creations)
        self.messages = FakeMessages()
        self.trials = FakeTrials(self.mailings)
        self.statistics = FakeStatistics()
        self.journal = FakeJournal()
        self.pace = FakePace()
        self.imports = FakeImports(self.creations)
        self.uploads = FakeUploads()
        self.refused = FakeRefusedLines()
        self.provider = FakeProvider()
        self.api = self.composed()

    def composed(self, **other: Any) -> Api:
        """The API with some ports replaced."""
        ports = {
            "directory": self.clients,
            "audience": self.clients,
            "census": self.census,
            "log": self.creations,
            "mailings": self.mailings,
            "openings": self.mailings,
            "messages": self.messages,
            "trials": self.trials,
            "statistics": self.statistics,
            "queues": self.gauge,
            "journal": self.journal,
            "pace": self.pace,
            "imports": self.imports,
            "uploads": self.uploads,
            "refused": self.refused,
            "provider": self.provider,
            "clock": self.clock,
            "chance": SeededChance(),
        }
        return compose(Ports(**{**ports, **other}), console=self.console, static=self.static)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, object] | None = None,
        caller: str | None = SOMEBODY,
    ) -> Answer:
        """One request; `raw` is a body as it stands, `path` is under `/api/v1` unless it is not."""
        text = raw if raw is not None else None if body is None else json.dumps(body)
        sent = {"content-type": "application/json"} if text is not None else {}
        path = path if path.startswith(NOT_BELOW) else f"/api/v1{path}"
        headers = {**sent, **(headers or {})}
        return self.pass_on(event(method, path, text, headers=headers, query=query, caller=caller))

    def get(self, path: str, **query: object) -> Answer:
        """A GET with a query."""
        return self.call("GET", path, query=query)

    def pass_on(self, gateway_event: dict[str, Any]) -> Answer:
        """An event as it is."""
        answer = self.api.answer(gateway_event, None)  # type: ignore[arg-type]
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    def make(self, path: str, body: object) -> str:
        """Create something and return its id."""
        answer = self.call("POST", path, body)
        assert answer.status == 201, answer.text
        return str(answer.json["id"])


def verified(subject: str) -> dict[str, Any]:
    """What a JWT authorizer hands on of a token: its claims, all made text."""
    claims = {
        "sub": subject,
        "iss": CONSOLE.issuer,
        "client_id": CONSOLE.client_id,
        "token_use": "access",
        "scope": "carillon/read carillon/write",
        "exp": "1795258800",
    }
    return {"jwt": {"claims": claims, "scopes": ["carillon/read", "carillon/write"]}}


def event(
    method: str,
    path: str,
    body: str | None = None,
    *,
    headers: dict[str, str] | None = None,
    query: dict[str, object] | None = None,
    is_base64: bool = False,
    caller: str | None = SOMEBODY,
) -> dict[str, Any]:
    """API Gateway's event for an HTTP API, payload format 2.0; with a caller, as on our routes."""
    query = query or {}
    return {
        "version": "2.0",
        "routeKey": f"{method} /api/v1/{{proxy+}}",
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": {
            "accept": "*/*",
            "host": "a1b2c3d4.execute-api.eu-central-1.amazonaws.com",
            "user-agent": "curl/8.9.1",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **(headers or {}),
        },
        **({"queryStringParameters": {k: str(v) for k, v in query.items()}} if query else {}),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4",
            "domainName": "a1b2c3d4.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.9.1",
            },
            "requestId": REQUEST_ID,
            "routeKey": f"{method} /api/v1/{{proxy+}}",
            "stage": "$default",
            "time": "21/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1795255200000,
            **({} if caller is None else {"authorizer": verified(caller)}),
        },
        "pathParameters": {"proxy": path.removeprefix("/api/v1/")},
        **({} if body is None else {"body": body}),
        "isBase64Encoded": is_base64,
    }
