"""`make deploy` shows where it leads before it does anything, and asks."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from local.deploying import deploy
from local.errors import LocalError
from local.places import PROJECT_ROOT

ARN = "arn:aws:iam::123456789012:user/alice"


@dataclass
class Session:
    """As much of boto3's session as is looked at."""

    region_name: str | None = "eu-central-1"
    known: bool = True

    def client(self, service: str) -> Any:
        assert service == "sts"
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if not self.known:
            raise NoCredentialsError
        return {"Account": "123456789012", "Arn": ARN}


@dataclass
class Terminal:
    """A person who answers, or nobody; `ran` are the commands with what they were told."""

    answer: str | None
    ran: list[tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=list)

    def ask(self, _question: str) -> str:
        if self.answer is None:
            raise EOFError
        return self.answer

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        self.ran.append((command, environment))
        return 0

    def deploy(self, *options: str, session: Session | None = None) -> int:
        return deploy(options, session=session or Session(), ask=self.ask, run=self.run)


def test_it_says_where_and_goes_there_when_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal("yes")
    assert terminal.deploy("-c", "oidc_issuer=https://a.test/") == 0
    said = capsys.readouterr().out
    for each in ("123456789012", "eu-central-1", ARN, "-c oidc_issuer=https://a.test/"):
        assert each in said
    [(command, environment)] = terminal.ran
    assert command[2] == "deploy"
    assert command[-2:] == ["-c", "oidc_issuer=https://a.test/"]
    assert environment == {"AWS_REGION": "eu-central-1"}


@pytest.mark.parametrize("answer", ["", "y", "no", "YES", None])
def test_anything_but_yes_does_nothing(answer: str | None) -> None:
    terminal = Terminal(answer)
    assert terminal.deploy() == 1
    assert terminal.ran == []


@pytest.mark.parametrize(
    ("session", "said"),
    [(Session(region_name=None), "No region"), (Session(known=False), "AWS does not know you")],
)
def test_without_region_or_credentials_it_says_what_is_missing(session: Session, said: str) -> None:
    terminal = Terminal("yes")
    with pytest.raises(LocalError, match=said):
        terminal.deploy(session=session)
    assert terminal.ran == []


def test_on_a_machine_without_credentials_it_fails_with_a_sentence() -> None:
    nothing = {
        "PATH": os.environ["PATH"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "eu-central-1",
    }
    run = subprocess.run(
        [sys.executable, "-m", "local.deploying"],
        cwd=PROJECT_ROOT,
        env=nothing,
        input="yes\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("AWS does not know you: ")
    assert "Traceback" not in run.stderr
