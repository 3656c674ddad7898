"""`carillon` against a deployed stack: the way through its main commands, as a script goes it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from cli import browser_sign_in
from cli.__main__ import main
from cli.surroundings import Surroundings
from local.gateway.behaviour import Behaviour, Mood
from local.gateway.control import Control
from local.places import PROJECT_ROOT
from local.stack import LocalStack
from tests.e2e.operator import Operator, until
from tests.e2e.signing_in import sign_in_at

LIMIT_S = 60


class Script:
    """Runs commands in this process, at the stack of the tests."""

    def __init__(self, stack: LocalStack, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.stack = stack
        self.environment = {
            "CARILLON_LOCAL": str(stack.paths.home),
            "CARILLON_CONFIG": str(home / "config"),
            "TZ": "Europe/Moscow",
        }
        self._capsys = capsys

    def around(self) -> Surroundings:
        """As of a script without a terminal."""
        real = Surroundings.of(self.environment)
        real.interactive = False
        return real

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What a command writes; it must end with this exit code."""
        self._capsys.readouterr()
        ended = main(arguments, around=self.around())
        written = self._capsys.readouterr()
        assert ended == code, written.err
        return written.out

    def objects(self, *arguments: str, code: int = 0) -> list[Any]:
        """The same, as JSON by line."""
        lines = self(*arguments, "--json", code=code).splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def script(stack: LocalStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Script:
    return Script(stack, tmp_path, capsys)


def test_from_a_file_of_clients_to_the_story_of_a_message(script: Script, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("phone,timezone,tags\n79071230001,Europe/Moscow,script\n,Europe/Moscow,\n")
    [imported] = script.objects("clients", "import", str(file), code=1)
    assert (imported["created"], imported["rejected"]) == (1, 1)
    assert "the phone is missing" in Path(imported["refused_file"]).read_text()
    [client] = script.objects("clients", "list", "--tag", "script")
    assert "79071230001" in script("clients", "export", "--tag", "script")

    wanted = ("--text", "Hello", "--tag", "script", "--ends-at", "+1h")
    assert script("mailings", "create", *wanted, code=2) == ""
    mailing = script("mailings", "create", *wanted, "--yes").strip()
    [message] = until(
        lambda: script.objects("messages", "--mailing", mailing, "--status", "sent"),
        lambda sent: len(sent) == 1,
        limit_s=LIMIT_S,
    )
    assert mailing in script("mailings", "list")
    assert mailing in script("stats")
    story = until(
        lambda: script("logs", "--message", message["id"], "--since", "1h"),
        lambda told: "gateway called" in told,
        limit_s=LIMIT_S,
    )
    assert "Europe/Moscow" in story
    assert "79071230001" not in story
    assert client["id"] in script("logs", "--client", client["id"], "--json")
    told = [
        json.loads(line) for line in script("logs", "--mailing", mailing, "--json").splitlines()
    ]
    assert {line["service"] for line in told} >= {"api", "fanout", "sender"}


def test_a_mailing_is_steered_by_hand(script: Script) -> None:
    wanted = ("--text", "Later", "--everybody", "--starts-at", "+1h", "--ends-at", "+2h")
    mailing = script("mailings", "create", *wanted, "--yes").strip()
    [edited] = script.objects("mailings", "edit", mailing, "--text", "Never")
    assert (edited["text"], edited["version"]) == ("Never", 2)
    script("mailings", "cancel", mailing, "--yes")
    [last] = script.objects("mailings", "watch", mailing)
    assert (last["status"], last["counts"]["total"]) == ("cancelled", 0)
    script("mailings", "pause", mailing, code=5)
    script("mailings", "delete", mailing, "--yes")
    script("mailings", "show", mailing, code=4)


def test_dead_letters_are_seen_and_go_back(script: Script) -> None:
    queue = script.stack.outputs["ImportDeadLettersUrl"]
    sqs = script.stack.client("sqs")
    # An event about an object that was never there: the importer looks, and is done with it.
    key = {"s3": {"bucket": {"name": "x"}, "object": {"key": "imports/gone.csv"}}}
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"Records": [key]}))

    [seen] = script.objects("dead-letters", "list", "imports")
    assert (seen["number"], seen["letters"][0]["content"]) == (1, {"upload": "imports/gone.csv"})
    script("dead-letters", "redrive", "imports", code=2)
    [done] = script.objects("dead-letters", "redrive", "imports", "--yes")
    assert (done["moved"], done["kept"]) == (1, 0)
    assert script.objects("dead-letters", "list", "imports")[0]["number"] == 0


def test_a_person_signs_in_with_a_browser_and_is_that_person(
    script: Script, stack: LocalStack
) -> None:
    def open_browser(address: str) -> bool:
        """What the person does there, and the browser afterwards."""
        Thread(target=_come_back, args=(stack, address), daemon=True).start()
        return True

    around = script.around()
    around.open_browser = open_browser
    assert main(["login", "--url", stack.browser_url], around=around) == 0

    [me] = script.objects("whoami")
    assert (me["url"], me["local"]) == (stack.browser_url, False)
    assert me["subject"] != stack.outputs["MachineClientId"]
    script("logout")
    [program] = script.objects("whoami")
    assert program["subject"] == stack.outputs["MachineClientId"]


def _come_back(stack: LocalStack, address: str) -> None:
    """Sign in on the page at this address, and follow where it leads."""
    back = sign_in_at(stack, requests.get(address, timeout=LIMIT_S))
    assert back.startswith(browser_sign_in.CALLBACK)
    requests.get(back, timeout=LIMIT_S)


@pytest.mark.long
def test_the_doctor_sees_a_gateway_that_turns_us_away(script: Script, stack: LocalStack) -> None:
    operator = Operator(stack, "doctor")
    operator.add_clients(7_400_000, 3)
    with Control(stack.gateway_url) as gateway:
        try:
            gateway.behave(Behaviour(shares={Mood.HTTP_401: 1.0}))
            wanted = ("--text", "Hello", "--tag", "doctor", "--ends-at", "+1h")
            mailing = script("mailings", "create", *wanted, "--yes").strip()

            def look() -> Mapping[str, str]:
                found = script.objects("doctor", code=1)
                return {each["check"]: each["state"] for each in found}

            seen = until(look, lambda found: found["gateway token"] == "problem", limit_s=LIMIT_S)
            assert seen["API"] == seen["clock"] == seen["tick"] == seen["functions"] == "ok"
            script("mailings", "cancel", mailing, "--yes")
        finally:
            gateway.behave(Behaviour())


@pytest.mark.long
def test_the_installed_program_is_the_same(script: Script) -> None:
    executable = Path(sys.executable).with_name("carillon")
    environment = {**os.environ, **script.environment}
    run = subprocess.run(
        [executable, "whoami", "--json"],
        cwd="/",
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=LIMIT_S,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["local"] is True
    assert (PROJECT_ROOT / "cli").is_dir()
