"""Whose story it is, and which log lines belong to it.

CloudWatch is asked for a text, which may stand anywhere in a line; what it finds is then judged
here by the line's keys, so that an id that merely occurs in an error's text does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Line = Mapping[str, Any]
"""A log line's keys and values."""

_PATH_KEYS = ("path", "route", "location")


class Level(StrEnum):
    """How grave a line is, from the least; docs/logging.md says what each is for."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Subject(Protocol):
    """What a story is about."""

    @property
    def terms(self) -> tuple[str, ...]:
        """Words that all stand in each of its lines."""
        ...

    def tells(self, line: Line) -> bool:
        """Whether the line belongs to the story."""
        ...


@dataclass(frozen=True)
class _Named:
    """What has one id, which is a part of its messages' ids."""

    id: str

    @property
    def terms(self) -> tuple[str, ...]:
        """The id."""
        return (self.id,)


class Mailing(_Named):
    """All that was done for a mailing, and for each of its messages."""

    def tells(self, line: Line) -> bool:
        """By its own key, by a message's id or by the path of a request."""
        return (
            line.get("mailing_id") == self.id
            or str(line.get("message_id", "")).startswith(f"{self.id}-")
            or self.id in _path(line)
        )


class Client(_Named):
    """All that was done with a client, and for each message to them."""

    def tells(self, line: Line) -> bool:
        """By its own key, as one of a page, by a message's id or by the path of a request."""
        return (
            line.get("client_id") == self.id
            or self.id in _ids(line)
            or str(line.get("message_id", "")).endswith(f"-{self.id}")
            or self.id in _path(line)
        )


@dataclass(frozen=True)
class Message:
    """One message: its own lines, and those about pages of its mailing that it stood on."""

    mailing_id: str
    client_id: str

    @property
    def id(self) -> str:
        """Of the message."""
        return f"{self.mailing_id}-{self.client_id}"

    @property
    def terms(self) -> tuple[str, ...]:
        """Both ids: its own lines hold them in one word, lines about a page apart."""
        return (self.mailing_id, self.client_id)

    def tells(self, line: Line) -> bool:
        """By its id, by both of its parts, or by the mailing and as one of a page."""
        if line.get("message_id") == self.id or self.id in _path(line):
            return True
        if line.get("mailing_id") != self.mailing_id:
            return False
        return line.get("client_id") == self.client_id or self.client_id in _ids(line)


@dataclass(frozen=True)
class Everything:
    """All that was logged."""

    @property
    def terms(self) -> tuple[str, ...]:
        """None: any line will do."""
        return ()

    def tells(self, _line: Line) -> bool:
        """It does."""
        return True


@dataclass(frozen=True)
class AtLeast:
    """Of another story the lines of a level, and of those above it."""

    level: Level
    story: Subject

    @property
    def terms(self) -> tuple[str, ...]:
        """Of the highest level also its name, which spares reading all others."""
        return (*self.story.terms, *([self.level] if self.level is Level.ERROR else []))

    def tells(self, line: Line) -> bool:
        """By its level; what has none is no line of ours."""
        levels = list(Level)
        return line.get("level") in levels[levels.index(self.level) :] and self.story.tells(line)


@dataclass(frozen=True)
class Request:
    """The call of the API that began it all, and what was done for it before there was an id."""

    correlation_id: str

    @property
    def terms(self) -> tuple[str, ...]:
        """The request's id."""
        return (self.correlation_id,)

    def tells(self, line: Line) -> bool:
        """By the request's id, unless the line is about a thing of its own."""
        if line.get("mailing_id") or line.get("message_id") or line.get("client_id"):
            return False
        return self.correlation_id in (line.get("correlation_id"), line.get("request_id"))


def _ids(line: Line) -> list[Any]:
    ids = line.get("client_ids")
    return ids if isinstance(ids, list) else []


def _path(line: Line) -> list[str]:
    return [part for key in _PATH_KEYS for part in str(line.get(key, "")).split("/")]
