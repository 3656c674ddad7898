"""What a stack of calls is about: a stage of the work, and whose code does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import FrameType
from typing import Final

OTHER: Final = "other"
OWN: Final = "our code"

HARNESS: Final = "harness"
"""What the benchmark itself does in the process: it hands over events."""

_HARNESS: Final = (HARNESS, ("multiprocessing/",))
_LOG: Final = ("log", ("logging/__init__.py",))
_MEASURE: Final = ("measure", ("emf_measures.py", "observing.py"))
_PARSE: Final = ("parse the event", ("adapters/events.py",))
_CALL: Final = ("call", ("gateway_http.py", "curl_slot.py", "transfer_loop.py", "transfers.py"))

STAGES: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "fanout": (
        _HARNESS,
        _LOG,
        _MEASURE,
        _PARSE,
        ("read clients", ("audience_table.py",)),
        ("insert messages", ("messages_table.py",)),
        ("ring", ("adapters/queues.py",)),
        ("commands", ("mailings_table.py", "usecases/")),
    ),
    "sender": (
        _HARNESS,
        _LOG,
        _CALL,  # which is made through what measures it
        _MEASURE,
        _PARSE,
        ("decide", ("usecases/deciding.py",)),
        ("admit", ("usecases/admitting.py",)),
        ("claim", ("usecases/claiming.py",)),
        ("record", ("usecases/recording.py",)),
        ("deliver", ("usecases/",)),
        ("call", ("concurrent/futures/",)),
    ),
    "stats": (
        _HARNESS,
        _LOG,
        _MEASURE,
        _PARSE,
        ("count", ("usecases/counting.py",)),
    ),
}
"""By function its stages: the first of which any file is on the stack is what it is about."""

_OURS: Final = ("carillon", "functions")
_LIBRARIES: Final = {
    "boto3": "AWS's SDK",
    "botocore": "AWS's SDK",
    "pydantic": "pydantic",
    "aws_lambda_powertools": "Powertools",
}
_STANDARD: Final = {
    "logging": "logging",
    "concurrent": "threads",
    "threading.py": "threads",
    "queue.py": "threads",
}
_IN_C: Final = "libcurl"
_CALLS_C: Final = ("transfer_loop.py", "curl_slot.py")
"""Files of ours that do little but call it; in C it has no frames of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a stack is about."""

    stage: str
    library: str
    """Whose code our own called; `our code` when nobody's."""


def files_of(frame: FrameType | None) -> Iterator[str]:
    """The files of the stack whose innermost frame this is, from there to the outermost."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def place_of(function: str, files: Iterable[str]) -> Place:
    """What this function does in a stack of these files, the innermost first."""
    inside = tuple(_inside(files))
    return Place(_stage(function, inside), _library(inside))


def _inside(files: Iterable[str]) -> Iterator[str]:
    """Up to the handler: what is around that has a part in everything."""
    for file in files:
        yield file
        if file.endswith("/handler.py"):
            return


def _stage(function: str, files: tuple[str, ...]) -> str:
    ranks = [rank for rank in (_rank(function, file) for file in files) if rank is not None]
    return STAGES[function][min(ranks)][0] if ranks else OTHER


@cache
def _rank(function: str, file: str) -> int | None:
    for rank, (_, parts) in enumerate(STAGES[function]):
        if any(part in file for part in parts):
            return rank
    return None


def _library(files: tuple[str, ...]) -> str:
    """The first that is not ours above the innermost frame of ours; then, any of the stack."""
    called: str | None = None
    for file in files:
        owner = _owner(file)
        if owner == _IN_C:
            return _IN_C
        if owner == OWN:
            return called or OWN
        called = owner or called
    return called or OTHER


@cache
def _owner(file: str) -> str | None:
    """None for what nobody needs to hear of: a part of the standard library, a small package."""
    parts = file.split("/")
    if parts[-1] in _CALLS_C:
        return _IN_C
    for name in ("site-packages", "python"):  # the virtual environment, or the unpacked layer
        if name in parts[:-1]:
            package = parts[len(parts) - parts[::-1].index(name)].removesuffix(".py")
            return OWN if package in _OURS else _LIBRARIES.get(package)
    if "functions" in parts:
        return OWN
    return next((_STANDARD[part] for part in parts[-3:] if part in _STANDARD), None)
