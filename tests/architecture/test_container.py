"""The local stack in a container: what is open, to whom, as whom it runs. No Docker is needed."""

import re
import shlex
from typing import Any

import yaml  # type: ignore[import-untyped]  # installed by what tests with it, without its types

from tests.architecture.sources import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def service() -> dict[str, Any]:
    [found] = COMPOSE["services"].values()
    return dict(found)


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")
    ]


def test_ports_are_opened_to_this_machine_only() -> None:
    ports = service()["ports"]

    assert len(ports) == 2
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:(\$\{[A-Z_]+:-\d+\}):\1", port), port
    assert "network_mode" not in service()


def test_it_runs_as_nobody_special_and_may_nothing_special() -> None:
    *_, last = instructions("USER")
    assert last not in ("root", "0")
    assert service()["cap_drop"] == ["ALL"]
    assert service()["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "user", "cap_add", "pid", "ipc", "devices"} & service().keys()


def test_data_outlives_the_container() -> None:
    [mount] = service()["volumes"]
    volume, _, folder = mount.partition(":")

    assert volume in COMPOSE["volumes"]
    assert instructions("VOLUME") == [folder] == ["/carillon/.local"]


def test_the_base_has_a_version() -> None:
    [image] = instructions("FROM")
    assert re.fullmatch(r"python:3\.1[1-9]-slim-[a-z]+", image)


def test_only_the_container_is_told_to_listen_beyond_loopback() -> None:
    [command] = instructions("CMD")
    assert re.findall(r'"([^"]+)"', command)[-2:] == ["--listen", "0.0.0.0"]  # noqa: S104
    for file in ("Makefile", "local/stack.py", "local/context.py", "local/__main__.py"):
        assert "0.0.0.0" not in (ROOT / file).read_text(encoding="utf-8")  # noqa: S104


def test_what_is_copied_first_is_all_that_the_environment_is_made_of() -> None:
    rules = dict(re.findall(r"^(\.?\w\S*): (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = rules["setup"].partition("##")[0].split()
    needed = {name for each in made for name in rules[each].split()} - set(made)
    before, _, _ = DOCKERFILE.partition("RUN make setup")
    copied = {
        word
        for line in before.splitlines()
        if line.startswith("COPY")
        for word in shlex.split(line)
    }

    assert {".venv/bin/carillon", ".venv/.installed"} < set(made)
    assert needed | {"Makefile", ".npmrc", "cli/__init__.py"} <= copied


def test_nothing_of_a_machine_gets_into_the_image() -> None:
    assert {".git", ".venv", ".local", ".build", "node_modules", "environments"} <= set(IGNORED)
