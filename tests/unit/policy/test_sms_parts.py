"""How many SMS parts a text is, at every border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.policy.sms_parts import SmsParts, sms_parts

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
NOT_IN_GSM = "Яç`\tÀêαΑ’“–…😀\x1b"
"""Cyrillic, and what looks as if it were in the alphabet; the escape by itself is no character."""

EMOJI = "😀"


def gsm7(units: int, parts: int) -> SmsParts:
    return SmsParts("gsm7", units, parts)


def ucs2(units: int, parts: int) -> SmsParts:
    return SmsParts("ucs2", units, parts)


def test_the_basic_set_is_a_septet_each() -> None:
    assert len(set(BASIC)) == 127, "128 places, one of them the escape"
    assert sms_parts(BASIC) == gsm7(127, 1)


@pytest.mark.parametrize("character", EXTENSION)
def test_the_extension_is_two_septets_each(character: str) -> None:
    assert sms_parts(character) == gsm7(2, 1)


@pytest.mark.parametrize("character", NOT_IN_GSM)
def test_one_other_character_makes_the_whole_text_ucs2(character: str) -> None:
    assert sms_parts("a" * 60 + character).encoding == "ucs2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", gsm7(0, 1)),
        ("a" * 160, gsm7(160, 1)),
        ("a" * 161, gsm7(161, 2)),
        ("a" * 306, gsm7(306, 2)),
        ("a" * 307, gsm7(307, 3)),
        ("a" * 459, gsm7(459, 3)),
        ("a" * 460, gsm7(460, 4)),
        ("a" * 1000, gsm7(1000, 7)),
        ("€" * 80, gsm7(160, 1)),
        ("a" * 159 + "€", gsm7(161, 2)),
        # 153 is odd, so of characters that take two a part holds 76, and one septet stays empty.
        ("€" * 81, gsm7(162, 2)),
        ("€" * 152, gsm7(304, 2)),
        ("€" * 153, gsm7(306, 3)),
        # The border falls into the escape: the character goes to the next part as a whole.
        ("a" * 152 + "€" + "a" * 151, gsm7(305, 2)),
        ("a" * 152 + "€" + "a" * 152, gsm7(306, 3)),
        ("a" * 151 + "€" + "a" * 153, gsm7(306, 2)),
    ],
)
def test_borders_of_gsm7(text: str, expected: SmsParts) -> None:
    assert sms_parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ж" * 70, ucs2(70, 1)),
        ("ж" * 71, ucs2(71, 2)),
        ("ж" * 134, ucs2(134, 2)),
        ("ж" * 135, ucs2(135, 3)),
        ("ж" * 201, ucs2(201, 3)),
        ("ж" * 202, ucs2(202, 4)),
        ("ж" * 1000, ucs2(1000, 15)),
        ("ж" * 69 + "€", ucs2(70, 1)),
        (EMOJI * 35, ucs2(70, 1)),
        # 67 is odd, so of surrogate pairs a part holds 33, and one unit stays empty.
        (EMOJI * 36, ucs2(72, 2)),
        (EMOJI * 66, ucs2(132, 2)),
        (EMOJI * 67, ucs2(134, 3)),
        ("ж" * 66 + EMOJI + "ж" * 65, ucs2(133, 2)),
        ("ж" * 66 + EMOJI + "ж" * 66, ucs2(134, 3)),
        ("ж" * 65 + EMOJI + "ж" * 67, ucs2(134, 2)),
        ("\uffff" * 70, ucs2(70, 1)),
        ("\U00010000" * 35, ucs2(70, 1)),
    ],
)
def test_borders_of_ucs2(text: str, expected: SmsParts) -> None:
    assert sms_parts(text) == expected


@given(st.text(alphabet=BASIC + EXTENSION + "ж" + EMOJI))
def test_no_part_is_wasted_and_none_overflows(text: str) -> None:
    counted = sms_parts(text)
    assert counted.encoding == ("ucs2" if set("ж" + EMOJI) & set(text) else "gsm7")
    alone, joined = (160, 153) if counted.encoding == "gsm7" else (70, 67)
    if counted.encoding == "ucs2":
        assert counted.units == len(text.encode("utf-16-le")) / 2
    if counted.units <= alone:
        assert counted.parts == 1
    else:
        # Each part but the last leaves at most one unit empty.
        assert (counted.parts - 1) * (joined - 1) < counted.units <= counted.parts * joined
