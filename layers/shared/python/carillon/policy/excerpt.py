"""What of a gateway's answer may stand in a log: its beginning, without what was sent to it.

Gateways like to repeat the request in their errors: whole, cut short, taken apart, encoded. So
nothing numeric is kept at all, in any script, and no word that is a part of what was sent. All of
that is done before the answer is cut, so that no part slips through at the end.
"""

import base64
import json
import re
from collections.abc import Iterator
from functools import lru_cache

EXCERPT_MAX = 200
"""Characters that a log may show: enough for an error page's title."""

READ_MAX = 4 * EXCERPT_MAX
"""Characters looked at: what is hidden gets shorter, and white space is drawn together."""

MASK = "#"
HIDDEN = "***"

_TELLING = 4
"""Letters and digits of a word that may be a part of what was sent; shorter ones are everywhere."""

_PIECE = 6
"""A word with so much of what was sent in it is hidden, too: in Base64 a phone or a text begins and
ends somewhere within a word."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)|%[0-9a-fA-F]{2}")
"""Of JSON and of URLs: letters that are written so are no words to be compared."""

_WORDS = (re.compile(r"[\w+/=-]+"), re.compile(r"\w+"), re.compile(r"[^\W\d_]+"))


def excerpt(answer: str, *, sent: tuple[str, ...]) -> str:
    """At most 200 printable characters on one line: every digit is `#`, what was sent is `***`.

    `sent` is the phone, the text and the token, whose words are looked for as they are in any case,
    in Base64 and in hexadecimal.
    """
    plain = [each.casefold() for each in sent]
    coded = [_coded_pieces(each) for each in sent]

    def hide(word: re.Match[str]) -> str:
        if len(word[0]) < _TELLING:
            return word[0]
        folded, pieces = word[0].casefold(), _pieces(word[0])
        known = any(folded in each for each in plain) or any(pieces & each for each in coded)
        return HIDDEN if known else word[0]

    line = _ESCAPE.sub(" ", answer[:READ_MAX])
    line = " ".join("".join(c if c.isprintable() else " " for c in line).split())
    for words in _WORDS:
        line = words.sub(hide, line)
    return "".join(MASK if c.isnumeric() else c for c in line)[:EXCERPT_MAX]


@lru_cache(maxsize=64)
def _coded_pieces(text: str) -> frozenset[str]:
    """Remembered for the texts and tokens of now, which many calls have in common: a long one takes
    some milliseconds. Phones come and go."""
    return frozenset(piece for form in _coded(text) for piece in _pieces(form))


def _coded(text: str) -> Iterator[str]:
    """What a text looks like in Base64, wherever it begins in a group of three, and in hex."""
    for raw in (text.encode(), json.dumps(text).encode()):
        for shift in (0, 1, 2):
            yield base64.b64encode(bytes(shift) + raw).decode()
            yield base64.urlsafe_b64encode(bytes(shift) + raw).decode()
        yield raw.hex()
        yield raw.hex().upper()
    if text.isascii() and text.isdigit():
        yield f"{int(text):x}"
        yield f"{int(text):X}"


def _pieces(text: str) -> set[str]:
    return {text[start : start + _PIECE] for start in range(len(text) - _PIECE + 1)}
