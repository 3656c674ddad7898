"""The parts of a digest in words, as text and HTML show them alike."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all digests of a deployment have in common; `page_url` is the admin page's."""

    timezone: str
    page_url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name, and what there is to say of it."""

    title: str
    lines: tuple[str, ...] = ()
    link: str | None = None
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the digest; `figures` are (what, how many, what that means)."""

    title: str
    figures: tuple[tuple[str, int, str], ...] = ()
    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestWords:
    """All that is said."""

    subject: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    page_url: str
