"""How many SMS parts a text is: what a gateway's pace is counted in, and what it bills.

3GPP TS 23.038 (GSM 03.38) has two alphabets for us. In the GSM 7 bit default alphabet a character
is one septet, or two when it is of the extension table, behind an escape. A text with any other
character is sent in UCS-2, in units of 16 bits, two of them for what lies beyond the first 65,536
characters. A message carries 140 octets; in one of several parts, 6 octets go to the header that
puts them together again (TS 23.040, 9.2.3.24.1). A character never straddles two parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""TS 23.038, 6.2.1, without the escape: 127 characters."""

_EXTENSION = frozenset("\f^{}\\[~]|€")
"""TS 23.038, 6.2.1.1: two septets each."""

_BEYOND_UNIT = 0xFFFF
"""A character beyond this is a surrogate pair, two units of UTF-16."""


@dataclass(frozen=True, slots=True)
class SmsParts:
    """A text's alphabet, its length in that alphabet's units, and the parts it takes.

    Units are septets for `gsm7` and 16 bits for `ucs2`; what a part leaves empty is not counted.
    """

    encoding: Literal["gsm7", "ucs2"]
    units: int
    parts: int


def sms_parts(text: str) -> SmsParts:
    """Count a text; an empty one is one part, since it is sent all the same."""
    if _BASIC.union(_EXTENSION).issuperset(text):
        widths = [2 if character in _EXTENSION else 1 for character in text]
        return SmsParts("gsm7", sum(widths), _parts(widths, alone=160, joined=153))
    widths = [2 if ord(character) > _BEYOND_UNIT else 1 for character in text]
    return SmsParts("ucs2", sum(widths), _parts(widths, alone=70, joined=67))


def _parts(widths: Iterable[int], *, alone: int, joined: int) -> int:
    """How many parts of `joined` units these characters fill, if one of `alone` is too small."""
    parts, used, total = 1, 0, 0
    for width in widths:
        total += width
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return 1 if total <= alone else parts
