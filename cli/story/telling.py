"""A story's lines for people: when, which function, what happened, and the keys that matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from rich.markup import escape

from cli.story.reading import Told

STYLES = {"ERROR": "bold red", "CRITICAL": "bold red", "WARNING": "yellow", "DEBUG": "dim"}

BORING = frozenset(
    [
        *("level", "message", "timestamp", "location", "service", "cold_start", "xray_trace_id"),
        *("function_name", "function_memory_size", "function_arn", "function_request_id"),
        *("correlation_id", "request_id", "sampling_rate", "kind", "at", "shard"),
    ]
)
"""The same in every line, or of use to machines alone; `--json` has them."""

CALL = ("attempt", "verdict", "status", "code", "duration_ms", "durations_ms", "answer")
"""What a call of the gateway is told by, in this order and without the names of most."""

NAME_WIDTH = 8
IDS_SHOWN = 3
VALUE_MAX = 200

VERDICT_STYLES = {"accepted": "green", "sent": "green", "refused": "red", "failed": "red"}
"""By the class of answer in small letters; all others are tried again."""


def clock(told: Told, zone: tzinfo) -> str:
    """`13:05:10.123`"""
    return told.at.astimezone(zone).strftime("%H:%M:%S.%f")[:-3]


def day(told: Told, zone: tzinfo) -> str:
    """`2026-11-21`, for the line above a day's first."""
    return told.at.astimezone(zone).strftime("%A, %Y-%m-%d")


def cells(told: Told, zone: tzinfo, *, known: frozenset[str] = frozenset()) -> tuple[str, str, str]:
    """When, who and what, with markup. Values in `known` were asked for, and are left out."""
    level = str(told.line.get("level", ""))
    style = STYLES.get(level)
    message = escape(str(told.line.get("message", "")))
    what = f"[{style}]{message}[/]" if style else f"[bold]{message}[/]"
    parts = " ".join([what, *_call(told.line, known), *_rest(told.line, known)])
    return f"[dim]{clock(told, zone)}[/]", f"[cyan]{told.function:<{NAME_WIDTH}}[/]", parts


def _call(keys: Mapping[str, Any], known: frozenset[str]) -> list[str]:
    """`attempt 2 · retry · 503 · 120 ms`"""
    if not _is_call(keys):
        return []
    verdict = str(keys.get("verdict", ""))
    style = VERDICT_STYLES.get(verdict.lower(), "yellow")
    status = keys.get("status")
    parts = [
        f"attempt {keys['attempt']}",
        f"[{style}]{escape(verdict)}[/]",
        f"HTTP {status}" if isinstance(status, int) else escape(str(status or "")),
        f"code {keys['code']}" if keys.get("code") is not None else "",
        _took(keys, known),
        f"[dim]{escape(repr(keys['answer'])[1:-1])}[/]" if keys.get("answer") else "",
    ]
    return [" · ".join(part for part in parts if part)]


def _is_call(keys: Mapping[str, Any]) -> bool:
    return "attempt" in keys and not keys.keys().isdisjoint(("duration_ms", "durations_ms"))


def _took(keys: Mapping[str, Any], known: frozenset[str]) -> str:
    """`120 ms`; of calls that share a line that of whom one asked for, or of all: `8-120 ms`"""
    if "duration_ms" in keys:
        return f"{keys['duration_ms']} ms"
    calls = list(zip(keys.get("client_ids", ()), keys["durations_ms"], strict=False))
    times = [took for client_id, took in calls if client_id in known] or [took for _, took in calls]
    first, last = min(times, default=0), max(times, default=0)
    return f"{first} ms" if first == last else f"{first}-{last} ms"


def _rest(keys: Mapping[str, Any], known: frozenset[str]) -> list[str]:
    hidden = BORING | (frozenset(CALL) if _is_call(keys) else frozenset())
    if keys.get("message_id") == f"{keys.get('mailing_id')}-{keys.get('client_id')}":
        hidden |= {"message_id"}
    return [
        f"[dim]{escape(name)}=[/]{_value(value, known)}"
        for name, value in keys.items()
        if name not in hidden and value is not None and str(value) not in known
    ]


def _value(value: Any, known: frozenset[str]) -> str:
    """Of a long list those that were asked for, or else the first few."""
    if isinstance(value, list):
        names = [str(each) for each in value]
        shown = [each for each in names if each in known] or names[:IDS_SHOWN]
        more = f" … {len(names)} in all" if len(names) > len(shown) else ""
        return escape(f"[{', '.join(shown)}{more}]")
    text = str(value)
    return escape(text if len(text) <= VALUE_MAX else f"{text[: VALUE_MAX - 1]}…")
