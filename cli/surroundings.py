"""What a command has around it: terminal, clock, network, environment. Tests give others."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import requests
from rich.console import Console

from cli.times import operators_zone

PIPED_WIDTH = 1000
"""Columns where nobody looks: nothing that a program reads is cut or wrapped."""


@dataclass(kw_only=True)
class Surroundings:
    """Everything that differs between a terminal, a pipe and a test.

    `out` takes what was asked for and nothing else, `err` all that is said to a person beside it.
    `interactive` is whether somebody is there to answer a question.
    """

    environment: Mapping[str, str]
    out: Console
    err: Console
    interactive: bool
    ask: Callable[[str], str]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    web: Callable[[], requests.Session]
    open_browser: Callable[[str], bool]
    zone: tzinfo
    local_home: Path
    config_home: Path

    @classmethod
    def real(cls) -> Surroundings:
        """Those of this process."""
        return cls.of(dict(os.environ))

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Surroundings:
        """Those of this process, with this environment."""
        err = Console(stderr=True, highlight=False)
        return cls(
            environment=environment,
            out=Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH),
            err=err,
            interactive=sys.stdin.isatty() and sys.stderr.isatty(),
            ask=lambda question: err.input(question, markup=False),
            now=lambda: datetime.now(UTC),
            sleep=time.sleep,
            web=requests.Session,
            open_browser=webbrowser.open,
            zone=operators_zone(environment),
            local_home=local_home(environment),
            config_home=config_home(environment),
        )


def local_home(environment: Mapping[str, str]) -> Path:
    """The folder of the local stack: this clone's `.local`, unless CARILLON_LOCAL names another."""
    given = environment.get("CARILLON_LOCAL")
    return Path(given) if given else Path(__file__).resolve().parent.parent / ".local"


def config_home(environment: Mapping[str, str]) -> Path:
    """Where sign-ins are kept: the user's own folder for settings.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    given = environment.get("CARILLON_CONFIG")
    if given:
        return Path(given)
    base = environment.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "carillon"
