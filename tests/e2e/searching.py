"""Looks for words in all that the emulated account holds, however they are written down there.

The account on disk is one file a service. `current` names a generation that is whole, three seconds
old at most while something happens: function logs, queues with what is in flight, dead letters,
schedules, event sources and the functions' settings.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from local.stack import LocalStack

TABLES = ("dynamodb.json", "streams.json")
"""Where clients and mailings belong, and the tables' change logs, which forget within a day."""


def forms(word: str) -> set[str]:
    """The ways in which a word may be written into a file."""
    raw = word.encode()
    found = {word, quote(word), json.dumps(word)[1:-1], json.dumps(json.dumps(word)[1:-1])[1:-1]}
    found |= {repr(raw)[2:-1], raw.hex()}
    for shift in range(3):  # where it begins within Base64's groups of three bytes
        coded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        found.add(coded[-(-shift * 8 // 6) : len(raw) * 8 // 6])
    return found


def files(stack: LocalStack, *, tables: bool = False) -> dict[str, str]:
    """The text of each file by its name: of all services but the tables', or of those alone."""
    generation = (stack.paths.emulator / "snapshots" / "current").resolve()
    return {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in generation.glob("*.json")
        if (path.name in TABLES) == tables
    }


def generation(stack: LocalStack) -> str:
    """The name of the one that is whole now."""
    return (stack.paths.emulator / "snapshots" / "current").resolve().name


def where(texts: dict[str, str], words: Iterable[str]) -> Iterator[str]:
    """Each place that holds one of the words, in any form, with what stands around it."""
    wanted = {form for word in words for form in forms(word)}
    for name, text in texts.items():
        for form in wanted:
            at = text.find(form)
            if at >= 0:
                yield f"{name}: …{text[max(0, at - 300) : at + 100]}…"


def printed(stack: LocalStack) -> dict[str, str]:
    """What the emulator and the deployment printed."""
    return {
        name: stack.paths.log(name).read_text(encoding="utf-8", errors="replace")
        for name in ("emulator", "deploy")
        if Path(stack.paths.log(name)).exists()
    }
