"""What a log may show of a gateway's answer: whatever it repeats, nothing of what was sent."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.policy.excerpt import EXCERPT_MAX, READ_MAX, _coded_pieces, excerpt

PHONE = "79161234567"
TEXT = "Маргарита, ваш столик у окна накрыт: Table 12"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYXIifQ.c2lnbmF0dXJl"
SENT = (PHONE, TEXT, TOKEN)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What another test made of the same text must not answer for this one."""
    _coded_pieces.cache_clear()


def shown(answer: str) -> str:
    return excerpt(answer, sent=SENT)


def test_an_answer_of_the_contract() -> None:
    assert shown('{"code":0,"message":"OK"}') == '{"code":#,"message":"OK"}'


def test_words_of_the_gateway_stay() -> None:
    assert shown("Internal ConnectionRefusedError in SmsRouter") == (
        "Internal ConnectionRefusedError in SmsRouter"
    )


@pytest.mark.parametrize(
    "phone",
    [
        PHONE,
        f"+{PHONE}",
        "+7 (916) 123-45-67",
        "7.916.123.45.67",
        "٧٩١٦١٢٣٤٥٦٧",  # Arabic digits
        "７９１６１２３４５６７",  # fullwidth
        "⁷⁹¹⁶¹²³⁴⁵⁶⁷",
        "⑦⑨①⑥①②③④⑤⑥⑦",
        "七九一六一二三四五六七",
        "".join(f"&#{ord(c)};" for c in PHONE),
        "".join(f"%{ord(c):02x}" for c in PHONE),
        "".join(f"\\u{ord(c):04x}" for c in PHONE),
        PHONE.encode().hex(),
        base64.b64encode(PHONE.encode()).decode(),
        base64.b64encode(f"x{PHONE}".encode()).decode(),
        base64.b64encode(f"xx{PHONE}".encode()).decode(),
        f"{int(PHONE):x}",
        f"0x{int(PHONE):X}",
    ],
)
def test_a_phone_in_any_shape_is_not_shown(phone: str) -> None:
    for answer in (phone, f"no such number: {phone}!", json.dumps({"phone": phone})):
        line = shown(answer)
        assert not any(c.isnumeric() for c in line)
        # Nothing is left that tells one phone from another.
        letters = "".join(c for c in line if c.isalpha() and c not in "ux")
        assert letters in ("", "noschnmber", "phone")


@pytest.mark.parametrize(
    "told",
    [
        TEXT,
        TEXT.upper(),
        TEXT[:20],
        quote(TEXT),
        json.dumps(TEXT),
        base64.b64encode(TEXT.encode()).decode(),
        base64.urlsafe_b64encode(b"?" + TEXT.encode()).decode(),
        base64.b64encode(json.dumps({"text": TEXT}).encode()).decode(),
        TEXT.encode().hex(),
        TOKEN,
        TOKEN[:30],
        f"Bearer {TOKEN}",
    ],
)
def test_text_and_token_are_not_shown(told: str) -> None:
    line = shown(f"cannot send {told}").casefold()
    assert line.startswith("cannot send")
    for word in ("марг", "столик", "окна", "table", "eyj", "hbgci", "c2ln", "0jz"):
        assert word not in line


SPECIAL = "~~~???>>>"
"""In Base64 every fourth character is one of those that its two alphabets do not share."""


@pytest.mark.parametrize(
    "word",
    [
        base64.b64encode(TEXT.encode()).decode(),
        base64.b64encode(f".{TEXT}".encode()).decode(),
        base64.b64encode(f"..{TEXT}".encode()).decode(),
        base64.b64encode(json.dumps({"text": "Маргарита"}).encode()).decode(),
        base64.b64encode(SPECIAL.encode()).decode(),
        base64.urlsafe_b64encode(SPECIAL.encode()).decode(),
        TEXT.encode().hex(),
        SPECIAL.encode().hex(),
        SPECIAL.encode().hex().upper(),
        f"{int(PHONE):x}",
        f"{int(PHONE):X}",
    ],
)
def test_a_word_with_a_part_of_what_was_sent_is_hidden_whole(word: str) -> None:
    assert excerpt(word, sent=(PHONE, TEXT, "Маргарита", SPECIAL)) == "***"


def test_how_much_of_it_tells() -> None:
    coded = "TWFyZ2FyaXRh"
    assert coded == base64.b64encode(b"Margarita").decode()
    for word, line in (
        ("ZzzzzFyaXRh", "***"),
        ("ZzzzzyaXRh", "ZzzzzyaXRh"),
        ("TWFyZ2Zzzzz", "***"),
    ):
        assert excerpt(word, sent=("Margarita",)) == line


def test_control_characters_are_harmless() -> None:
    line = shown('<html>\r\n\t<title>\x07Oops\x1b[31m</title>\u202e\u2028{"level":"ERROR"}')
    assert line == '<html> <title> Oops [##m</title> {"level":"ERROR"}'


def test_it_is_masked_before_it_is_cut() -> None:
    """A phone at the very end of what is shown leaves no part behind."""
    for before in range(EXCERPT_MAX - 12, EXCERPT_MAX + 1):
        line = shown("-" * before + PHONE + "tail")
        assert len(line) <= EXCERPT_MAX
        assert not any(c.isnumeric() for c in line)
        line = shown("-" * before + " Маргарита tail")
        assert "М" not in line


def test_only_the_beginning_is_looked_at() -> None:
    assert len(shown("x " * READ_MAX)) == EXCERPT_MAX


@given(st.text(max_size=400))
def test_whatever_comes_is_one_short_printable_line_without_numbers(answer: str) -> None:
    line = shown(answer)
    assert len(line) <= EXCERPT_MAX
    assert line.isprintable()
    assert not any(c.isnumeric() for c in line)


@given(st.text(alphabet=st.characters(categories=["Nd"]), min_size=1, max_size=20))
def test_digits_of_every_script_are_masked(digits: str) -> None:
    assert set(shown(digits)) <= {"#", "*"}
