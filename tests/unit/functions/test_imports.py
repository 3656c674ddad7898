"""What each handler imports: CPU time is noisy on any machine, and a count of modules is not.

A function pays for its imports at each cold start. Whoever adds one that is worth it raises the
count here; `python -m benchmarks.cold_start --why FUNCTION` tells what it costs.
"""

import importlib.util
import json
import os
import subprocess
import sys
from functools import cache

import pytest

from infra.assets import ROOT
from tests.unit.functions.test_handlers import AMAZON, SETTINGS

MODULES_MAX = {
    "api": 465,
    "digest": 315,
    "fanout": 345,
    "importer": 310,
    "planner": 300,
    "sender": 480,
    "stats": 300,
    "widget": 295,
}
"""Modules from outside the standard library, ours among them: a twentieth more than today's. The
page is not here: a contract in pyproject.toml keeps everything from it."""

NOBODYS = {
    "boto3": "botocore has the clients; boto3 brings resources and managed transfers",
    "s3transfer": "the same",
    "multiprocessing": "comes with s3transfer",
    "moto": "is for tests",
    "requests": "is for the command line and the tests",
    "carillon.adapters.provider_http": "a sign-in needs it, which few instances ever see",
}
EXCEPT_FOR = {
    "aws_lambda_powertools.event_handler": {"api"},
    "asyncio": {"api"},  # by the event handler
    "carillon.adapters.emf_measures": {"fanout", "sender", "stats"},
    "pycurl": {"sender"},
    "carillon.adapters.gateway_http": {"sender"},
    "carillon.policy.client_csv": {"api", "importer"},
    "carillon.policy.digest_letter": {"digest"},
}
"""Who may import it: what one function needs is soon on the way of all."""

IMPORT_EACH = """
import json, os, sys

def imported(name):
    reading, writing = os.pipe()
    if os.fork() == 0:
        __import__(f"functions.{name}.handler")
        with open(writing, "w") as told:
            json.dump(sorted(sys.modules), told)
        os._exit(0)
    os.close(writing)
    with open(reading) as told:
        modules = json.load(told)
    os.wait()
    return modules

# What all others import is imported once for them, which halves the time of this test.
import botocore.client, botocore.session, carillon.telemetry
print(json.dumps({name: imported(name) for name in sys.argv[1:]}))
"""


@cache
def imported() -> dict[str, list[str]]:
    """The modules of each handler's process, by the function's name."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_EACH, *MODULES_MAX],
        cwd=ROOT,
        env={
            **SETTINGS,
            **AMAZON,
            **dict.fromkeys(("OIDC_ISSUER", "OIDC_CONFIGURATION_URL"), "https://made-up.test/x"),
            **dict.fromkeys(("OIDC_CLIENT_ID", "OIDC_AUDIENCE"), ""),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/shared/python'}",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_every_function_has_its_count() -> None:
    folders = {handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py")}
    assert set(MODULES_MAX) == folders - {"page"}


def test_what_is_named_here_exists() -> None:
    for name in NOBODYS | EXCEPT_FOR:
        assert importlib.util.find_spec(name), name


@pytest.mark.parametrize("function", MODULES_MAX)
def test_a_handler_imports_no_more_than_it_did(function: str) -> None:
    foreign = [
        name
        for name in imported()[function]
        if name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert len(foreign) <= MODULES_MAX[function]


@pytest.mark.parametrize("function", MODULES_MAX)
def test_a_handler_imports_nothing_heavy_that_it_does_not_need(function: str) -> None:
    others = {name for name, users in EXCEPT_FOR.items() if function not in users}
    assert not (set(NOBODYS) | others) & set(imported()[function])


@pytest.mark.parametrize("name", EXCEPT_FOR)
def test_who_is_said_to_need_it_does(name: str) -> None:
    """Else the exception would outlive its reason."""
    assert {function for function in imported() if name in imported()[function]} == EXCEPT_FOR[name]
