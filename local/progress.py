"""Tells a person what goes on: a spinner on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

Update = Callable[[str], None]


class Progress:
    """Reports steps to a console; `Progress.silent()` is for tests."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    @classmethod
    def silent(cls) -> Progress:
        return cls(Console(quiet=True))

    @contextmanager
    def step(self, what: str) -> Iterator[Update]:
        """One step with its duration; the yielded function adds a detail while it lasts."""
        began = time.monotonic()
        with self._console.status(f"{what} …") as status:
            yield lambda detail: status.update(f"{what} … {detail}")
        self._console.print(f"[green]✓[/green] {what} [dim]{time.monotonic() - began:.1f} s[/dim]")

    def say(self, text: str) -> None:
        self._console.print(text)
