"""How answers are shown: tables and colours for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.errors import CliError

STATUS_STYLES: Mapping[str, str] = {
    "scheduled": "cyan",
    "running": "bold blue",
    "paused": "yellow",
    "finished": "green",
    "pending": "blue",
    "sent": "green",
    "failed": "red",
    "unknown": "magenta",
    "expired": "yellow",
    "cancelled": "dim",
}
"""Of mailings and messages; whoever sees no colour reads the word."""

COUNTED = ("sent", "pending", "failed", "unknown", "expired", "cancelled")
"""A message's states, in the order in which they interest."""


def json_line(value: Any) -> None:
    """One object on one line, for programs."""
    raw_line(json.dumps(value, ensure_ascii=False))


def raw_line(text: str) -> None:
    """A line as it is, for programs; at once, because somebody may follow."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def styled(status: str) -> str:
    """A status in its colour."""
    style = STATUS_STYLES.get(status)
    return f"[{style}]{status}[/]" if style else escape(status)


def number(value: int) -> str:
    """With thousands apart: `12,345`."""
    return f"{value:,}"


def people(value: int, *, exact: bool = True) -> str:
    """`1 person`, `at least 1,200 people`."""
    words = "1 person" if value == 1 else f"{number(value)} people"
    return words if exact else f"at least {words}"


def table(*columns: str, right: Sequence[str] = (), keep: Sequence[str] = ()) -> Table:
    """A table without lines; columns in `right` hold numbers, those in `keep` are never wrapped."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        made.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name in (*right, *keep),
            overflow="fold",
        )
    return made


def facts(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and values beside each other; values may have markup."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in rows:
        made.add_row(name, value)
    return made


def counts_line(counts: Mapping[str, int]) -> str:
    """`1,180 sent, 3 failed`, states without messages left out."""
    there = [
        f"{number(counts[each])} {styled(each)}" for each in COUNTED if counts.get(each, 0) > 0
    ]
    return ", ".join(there) or "no messages"


def failure(console: Console, error: CliError) -> None:
    """Why a command ended, and what to do."""
    console.print(f"[bold red]✗[/] {escape(str(error))}", soft_wrap=True)
    if error.hint:
        console.print(f"  [dim]{escape(error.hint)}[/]", soft_wrap=True)
