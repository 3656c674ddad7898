"""What a check finds, and what it is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from cli.api import Api
from cli.aws import Aws, output, speaking_to_aws
from cli.deployment import Deployment
from cli.errors import CliError


class State(StrEnum):
    """How bad it is: a warning may be as it should be, a problem never is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line: what was looked at, what it means, and what to do about it."""

    state: State
    check: str
    what: str
    do: str = ""


def ok(check: str, what: str) -> Finding:
    """As it should be."""
    return Finding(state=State.OK, check=check, what=what)


def warning(check: str, what: str, do: str = "") -> Finding:
    """Somebody may want to know."""
    return Finding(state=State.WARNING, check=check, what=what, do=do)


def problem(check: str, what: str, do: str) -> Finding:
    """Somebody has to do something."""
    return Finding(state=State.PROBLEM, check=check, what=what, do=do)


class Connect(Protocol):
    """Opens a connection and closes it again; `OSError` when that fails."""

    def __call__(self, host: str, port: int, *, tls: bool) -> None:
        """Without sending a request."""
        ...


@dataclass(kw_only=True)
class Patient:
    """A deployment, as the checks see it. What several of them need is asked for once."""

    deployment: Deployment
    api: Api
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    connect: Connect
    recount: bool = False

    @property
    def aws(self) -> Aws:
        """Its account."""
        return self.deployment.aws

    @cached_property
    def gateway(self) -> Any:
        """How the gateway does, by the API."""
        return self.api.get("/gateway")

    @cached_property
    def queues(self) -> Any:
        """How full the queues are, by the API."""
        return self.api.get("/queues")

    @cached_property
    def sender(self) -> dict[str, str]:
        """The sender's settings."""
        found: dict[str, str] = self.configuration("SenderFunction")["Environment"]["Variables"]
        return found

    def configuration(self, name: str) -> Any:
        """A function's configuration, by the output that names it."""
        with speaking_to_aws():
            return self.aws.client("lambda").get_function_configuration(
                FunctionName=output(self.aws, name)
            )


Check = Callable[[Patient], Iterable[Finding]]


def examine(patient: Patient, checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """All findings; what cannot be looked at is one as well."""
    for name, check in checks:
        try:
            yield from check(patient)
        except CliError as error:
            yield warning(name, f"not looked at: {error}", error.hint)
