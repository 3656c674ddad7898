"""A terminal, a deployment and an AWS account that are not there."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import requests
from requests.adapters import BaseAdapter
from rich.console import Console

from cli.__main__ import main
from cli.api import Api
from cli.deployment import Deployment
from cli.doctoring.findings import Patient
from cli.surroundings import Surroundings
from cli.tokens import GivenToken

URL = "https://mailings.example.com"
NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")

Told = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]
Answer = Told | Exception | Callable[["Asked"], Told]


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any


class FakeWeb(BaseAdapter):
    """Answers by method and path; several answers to the same are given in turn."""

    def __init__(self, answers: Mapping[str, Answer | list[Answer]]) -> None:
        super().__init__()
        self.answers = {
            name: list(told) if isinstance(told, list) else told for name, told in answers.items()
        }
        self.asked: list[Asked] = []

    def session(self) -> requests.Session:
        """One that reaches nothing else."""
        made = requests.Session()
        made.mount("https://", self)
        made.mount("http://", self)
        return made

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **_options: Any
    ) -> requests.Response:
        """Look the answer up."""
        asked = _read(request)
        self.asked.append(asked)
        told = self.answers.get(f"{asked.method} {asked.path}", (404, {"detail": "no such thing"}))
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        if callable(told):
            told = told(asked)
        if isinstance(told, Exception):
            raise told
        return _response(request, told)

    def close(self) -> None:
        """Nothing is open."""


def _read(request: requests.PreparedRequest) -> Asked:
    parts = urlsplit(str(request.url))
    body: Any = request.body
    if isinstance(body, bytes) and body.startswith((b"{", b"[")):
        body = json.loads(body)
    elif isinstance(body, str):
        body = dict(parse_qsl(body))
    elif hasattr(body, "read"):
        body = body.read()
    return Asked(
        str(request.method),
        parts.path,
        dict(parse_qsl(parts.query)),
        {str(k): str(v) for k, v in request.headers.items()},
        body,
    )


def _response(request: requests.PreparedRequest, told: Told) -> requests.Response:
    answer = requests.Response()
    answer.status_code, body = told[0], told[1]
    answer.headers.update(told[2] if len(told) > 2 else {})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer.raw = BytesIO(content)
    answer._content = content
    answer.url, answer.request = str(request.url), request
    return answer


@dataclass
class Stage:
    """Runs the program; `answers` are what the person says when asked."""

    web: FakeWeb
    home: Path
    answers: list[str] = field(default_factory=list)
    interactive: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    zone: tzinfo = MOSCOW
    width: int = 120
    now: datetime = NOW
    questions: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def around(self) -> Surroundings:
        """All of it."""
        return Surroundings(
            environment={"CARILLON_URL": URL, "CARILLON_TOKEN": "given", **self.environment},
            out=Console(width=self.width, highlight=False),
            err=Console(width=self.width, stderr=True, highlight=False),
            interactive=self.interactive,
            ask=self._ask,
            now=lambda: self.now,
            sleep=self._sleep,
            web=self.web.session,
            open_browser=self._open,
            zone=self.zone,
            local_home=self.home / "local",
            config_home=self.home / "config",
        )

    def run(self, *arguments: str) -> int:
        """The exit code; what was written is for `capsys`."""
        return main(arguments, around=self.around())

    def _open(self, url: str) -> bool:
        self.opened.append(url)
        return True

    def _ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class FakeAws:
    """An account whose services are objects with the methods of boto3 that are used."""

    place = "the stack Carillon"
    stack = "Carillon"

    def __init__(self, outputs: Mapping[str, str], **services: Any) -> None:
        self.outputs = outputs
        self._services = services

    def client(self, service: str) -> Any:
        """The object given under this name."""
        return self._services[service.replace("-", "_")]


def patient(
    answers: Mapping[str, Answer | list[Answer]],
    *,
    aws: FakeAws | None = None,
    now: datetime = NOW,
    connect: Callable[..., None] = lambda *_args, **_options: None,
    recount: bool = False,
    token: str = "given",  # noqa: S107 - made up
) -> Patient:
    """A deployment to be examined."""
    web = FakeWeb(answers)
    deployment = Deployment(
        url=URL, tokens=GivenToken(token), web=web.session, aws=aws or FakeAws({})
    )
    return Patient(
        deployment=deployment,
        api=Api(deployment, sleep=lambda _seconds: None),
        now=lambda: now,
        sleep=lambda _seconds: None,
        connect=connect,
        recount=recount,
    )


def page(items: Iterable[Any], cursor: str | None = None) -> Told:
    """An answer with a list."""
    return 200, {"items": list(items), "next_cursor": cursor}


def counts(**some: int) -> dict[str, int]:
    """All of the API's counts."""
    names = ("pending", "sent", "failed", "unknown", "expired", "cancelled")
    found = {name: some.get(name, 0) for name in names}
    return {"total": sum(found.values()), **found}


def mailing(**some: Any) -> dict[str, Any]:
    """A mailing as the API shows it."""
    return {
        "id": "m1",
        "text": "Hello",
        "starts_at": "2026-11-21T09:00:00.000Z",
        "ends_at": "2026-11-21T18:00:00.000Z",
        "filter": {"operator_codes": [], "tags": ["vip"]},
        "time_window": None,
        "status": "running",
        "created_at": "2026-11-21T08:00:00.000Z",
        "updated_at": "2026-11-21T08:00:00.000Z",
        "created_by": "somebody",
        "updated_by": "somebody",
        "version": 1,
        **some,
    }
