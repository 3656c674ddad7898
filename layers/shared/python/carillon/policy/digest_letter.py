"""A digest as an e-mail: its words as plain text and as HTML.

The HTML is plain on purpose. It has no images, no scripts and nothing to load. Styles stand in the
elements, since mail programs drop style sheets. No colour is given to text or ground, so each
program shows its own, light or dark; only the bars beside entries have one, which neither hides.
"""

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from carillon.models.digest import Letter
from carillon.policy.digest import Digest
from carillon.policy.digest_parts import DigestWords, Entry, Letterhead, Section, Tone
from carillon.policy.digest_words import words_for

_WIDTH_MAX = 72
"""Of a line of the text; links are left whole."""

_BARS: dict[Tone, str] = {"good": "#2f9e5b", "bad": "#d9534f", "quiet": "#8a8f98"}
_FONT = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_QUIET = "font-size:14px;opacity:.8"


def letter_of(digest: Digest, head: Letterhead) -> Letter:
    """The e-mail to send."""
    words = words_for(digest, head)
    return Letter(subject=words.subject, text=_text(words), html=_html(words))


def _text(words: DigestWords) -> str:
    lines = [words.title, "=" * len(words.title), "", *_wrapped(words.lead)]
    for section in words.sections:
        lines += ["", "", section.title, "-" * len(section.title)]
        lines += _text_of(section)
    lines += ["", "", f"Everything else: {words.page_url}"]
    for line in words.footer:
        lines += ["", *_wrapped(line)]
    return "\n".join(lines) + "\n"


def _wrapped(line: str, indent: str = "") -> list[str]:
    return wrap(line, _WIDTH_MAX, initial_indent=indent, subsequent_indent=indent)


def _text_of(section: Section) -> Iterator[str]:
    widest = max((len(f"{number:,}") for _, number, _ in section.figures), default=0)
    for what, number, meaning in section.figures:
        yield f"{number:>{widest},}  {what}: {meaning}"
    for place, entry in enumerate(section.entries):
        if place:
            yield ""
        yield f"* {entry.title}"
        for line in entry.lines:
            yield from _wrapped(line, "  ")
        if entry.link:
            yield f"  {entry.link}"
    if section.notes and (section.entries or section.figures):
        yield ""
    for note in section.notes:
        yield from _wrapped(note)


def _html(words: DigestWords) -> str:
    body = "".join(map(_section, words.sections))
    footer = "".join(f'<p style="margin:0 0 8px">{escape(each)}</p>' for each in words.footer)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(words.subject)}</title></head>"
        f'<body style="margin:0;padding:16px;color-scheme:light dark;{_FONT}">'
        '<main style="max-width:600px;margin:0 auto;overflow-wrap:anywhere">'
        f'<h1 style="font-size:24px;line-height:1.25;margin:8px 0">{escape(words.title)}</h1>'
        f'<p style="font-size:18px;margin:0 0 8px">{escape(words.lead)}</p>'
        f"{body}"
        f'<p style="margin:28px 0 16px"><a href="{escape(words.page_url)}">Open Carillon</a></p>'
        f'<footer style="{_QUIET}">{footer}</footer></main></body></html>'
    )


def _section(section: Section) -> str:
    notes = "".join(f'<p style="margin:8px 0 0">{escape(each)}</p>' for each in section.notes)
    return (
        '<section style="margin:28px 0 0">'
        f'<h2 style="font-size:18px;line-height:1.3;margin:0 0 8px">{escape(section.title)}</h2>'
        f"{_figures(section)}{_entries(section)}{notes}</section>"
    )


def _figures(section: Section) -> str:
    """What is counted, a row each; the header of a row is what it counts."""
    rows = "".join(
        '<tr><td style="padding:4px 12px 4px 0;text-align:right;white-space:nowrap;font-size:20px;'
        f'font-weight:600;vertical-align:baseline">{number:,}</td>'
        f'<th scope="row" style="padding:4px 0;text-align:left;font-weight:400">{escape(what)}'
        f'<span style="{_QUIET}"> · {escape(meaning)}</span></th></tr>'
        for what, number, meaning in section.figures
    )
    return f'<table style="border-collapse:collapse">{rows}</table>' if rows else ""


def _entries(section: Section) -> str:
    items = "".join(map(_entry, section.entries))
    return f'<ul style="list-style:none;margin:0;padding:0">{items}</ul>' if items else ""


def _entry(entry: Entry) -> str:
    title = escape(entry.title)
    if entry.link:
        title = f'<a href="{escape(entry.link)}">{title}</a>'
    lines = "".join(f'<br><span style="{_QUIET}">{escape(line)}</span>' for line in entry.lines)
    return (
        f'<li style="margin:12px 0 0;padding:2px 0 2px 12px;border-left:4px solid '
        f'{_BARS[entry.tone]}"><strong style="font-weight:600">{title}</strong>{lines}</li>'
    )
