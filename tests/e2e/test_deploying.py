"""`make diff`, `deploy` and `destroy` with the real CDK command line, on an emulated account.

Only its address and its keys are other than a person's: they are what the commands run with.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from local import cdk, deploying
from local.account import CREDENTIALS, REGION
from local.environments import Settings
from local.places import PROJECT_ROOT
from local.stack import LocalStack
from tests.e2e.importing import begin, upload
from tests.e2e.operator import Operator
from tests.e2e.own_stack import own_stack

LIMIT_S = 280


@dataclass
class Person:
    """At a terminal, with an account; `said` is what the command line wrote."""

    stack: LocalStack
    settings: Settings
    answers: list[str] = field(default_factory=list)
    said: str = ""

    def do(self, what: str, *answers: str, **context: str) -> int:
        self.answers = list(answers)
        settings = Settings(
            path=self.settings.path,
            region=self.settings.region,
            account=self.settings.account,
            stack_name=self.settings.stack_name,
            context={**self.settings.context, **context},
            options=self.settings.options,
        )
        session = _Session(self.stack.emulator_url)
        return deploying.COMMANDS[what](
            settings, session=session, ask=lambda _: self.answers.pop(0), run=self._run
        )

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        run = subprocess.run(
            command,
            cwd=PROJECT_ROOT,
            env={**cdk.environment(self.stack.emulator_url), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        self.said = run.stdout
        return run.returncode


class _Session:
    """boto3's, with every client at the emulator."""

    region_name = REGION

    def __init__(self, endpoint: str) -> None:
        self._session = boto3.Session(region_name=REGION, **CREDENTIALS)
        self._endpoint = endpoint

    def client(self, service: Any) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint)


def _person(stack: LocalStack, folder: Path, stack_name: str) -> Person:
    return Person(
        stack,
        Settings(
            path="environments/trial.toml",
            region=REGION,
            account="000000000000",
            stack_name=stack_name,
            context={**stack._context, "stack_name": stack_name},
            options=("--output", str(folder / "cdk.out")),
        ),
    )


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_stack_is_compared_deployed_and_destroyed(tmp_path: Path) -> None:
    with own_stack(tmp_path / "stack", **cdk.host_context(), api_snap_start="true") as stack:
        assert requests.get(f"{stack.api_url}/health", timeout=30).ok
