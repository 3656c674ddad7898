"""`make diff`, `deploy` and `destroy` with the real CDK command line, on an emulated account.

Only its address and its keys are other than a person's: they are what the commands run with.
"""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from local import account, cdk, deploying
from local.account import ACCOUNT, REGION
from local.environments import Settings
from local.places import PROJECT_ROOT, LocalPaths, Ports
from local.stack import LocalStack
from tests.e2e.importing import begin, upload
from tests.e2e.operator import Operator
from tests.e2e.own_stack import own_stack

LIMIT_S = 280
NAME = "Trial"

# What a local stack's launcher also has otherwise than AWS; here data is kept as in production.
CONTEXT = {
    **cdk.host_context(),
    "stack_name": NAME,
    "gateway_url": "http://127.0.0.1:9/v1",
    "gateway_plain_http": "true",
    "api_id_tag": "0123abcd",
}


@dataclass
class Session:
    """As much of boto3's as is used, with every client at the emulator."""

    endpoint: str
    region_name: str = REGION

    def client(self, service: Any) -> Any:
        return account.client(service, self.endpoint)


@dataclass
class Person:
    """At a terminal; `said` is what the CDK's command line wrote last."""

    endpoint: str
    settings: Settings
    said: str = ""

    def do(self, what: str, answer: str = "", **changed: str) -> int:
        settings = replace(self.settings, context={**self.settings.context, **changed})
        session = Session(self.endpoint)
        command = deploying.COMMANDS[what]
        return command(settings, session=session, ask=lambda _: answer, run=self._run)

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        run = subprocess.run(
            command,
            cwd=PROJECT_ROOT,
            env={**cdk.environment(self.endpoint), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        self.said = run.stdout
        return run.returncode


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_stack_is_compared_deployed_compared_and_destroyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with own_stack(tmp_path / "stack") as beside:
        output = ("--output", str(tmp_path / "cdk.out"), "--require-approval", "never")
        person = Person(
            beside.emulator_url,
            Settings(
                path="environments/trial.toml",
                region=REGION,
                account=ACCOUNT,
                stack_name=NAME,
                context=CONTEXT,
                options=output[:2],
            ),
        )
        assert person.do("diff") == 0, person.said
        assert "[+] AWS::DynamoDB::Table" in person.said
        stacks = beside.client("cloudformation")
        assert NAME not in _names(stacks)

        person.settings = replace(person.settings, options=output)
        assert person.do("deploy", "yes") == 0, person.said
        assert NAME in _names(stacks)

        person.settings = replace(person.settings, options=output[:2])
        assert person.do("diff", sender_concurrency="7") == 0, person.said
        assert re.search(r"MaximumConcurrency.*?\[\+\] 7\b", person.said, re.DOTALL), person.said

        capsys.readouterr()
        assert person.do("destroy", "no") == 1
        assert NAME in _names(stacks)
        assert person.do("destroy", NAME) == 0, person.said
        assert NAME not in _names(stacks)
        said = capsys.readouterr().out
        tables = set(beside.client("dynamodb").list_tables()["TableNames"])
        kept = {name for name in tables if name.startswith(f"{NAME}-")}
        assert len(kept) == 8
        assert all(f"AWS::DynamoDB::Table  {name}\n" in said for name in kept)


def _names(cloudformation: Any) -> set[str]:
    return {
        each["StackName"]
        for each in cloudformation.describe_stacks()["Stacks"]
        if each["StackStatus"] != "DELETE_COMPLETE"
    }


@pytest.mark.long
def test_one_more_address_leads_to_the_api_and_to_imports_and_to_nothing_else(
    tmp_path: Path,
) -> None:
    """127.0.0.2 stands for a container's address: it is not the loopback that we listen on."""
    elsewhere = "127.0.0.2"
    with LocalStack(paths=LocalPaths(tmp_path), ports=Ports.free(), listen=elsewhere) as stack:
        front_door, emulator = stack.ports.front_door, stack.ports.emulator
        assert requests.get(f"http://{elsewhere}:{front_door}/health", timeout=30).ok
        for path in ("/", "/_ministack/health", "/health"):
            refused = requests.get(f"http://{elsewhere}:{emulator}{path}", timeout=30)
            assert refused.status_code == 404, path

        view = begin(Operator(stack, "elsewhere"))
        signed = view["upload"]["url"]
        assert f"http://127.0.0.1:{emulator}/" in signed
        view["upload"]["url"] = signed.replace("127.0.0.1", elsewhere, 1)
        assert upload(view, b"phone\n79000000001\n").status_code == 404
        view["upload"]["headers"] |= {"Host": f"127.0.0.1:{emulator}"}
        assert upload(view, b"phone\n79000000001\n").status_code == 200


@pytest.mark.long
@pytest.mark.skipif(
    sys.version_info < (3, 12),
    reason="SnapStart takes Python 3.12 or later, and the emulator runs functions by this Python",
)
def test_the_api_answers_by_its_alias(tmp_path: Path) -> None:
    with own_stack(tmp_path, api_snap_start="true") as stack:
        function = stack.outputs["ApiFunction"]
        [alias] = stack.client("lambda").list_aliases(FunctionName=function)["Aliases"]
        assert (alias["Name"], alias["FunctionVersion"]) == ("live", "1")
        assert requests.get(f"{stack.api_url}/health", timeout=30).ok
        assert Operator(stack, "alias").call("GET", "/stats").status_code == 200
