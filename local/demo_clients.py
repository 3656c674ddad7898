"""The thousand made-up clients of the demo, the same ones every time.

Their numbers are 7000000xxxx. No operator and no country has +7 000, so nobody is written to even
if somebody points the demo at a real gateway. For that reason the operator codes, which select
clients, are given and not taken from the numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

COUNT = 1000

TIMEZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
"""Russia's eleven, from west to east."""

OPERATOR_CODES = ("901", "916", "926", "952", "999")
TAGS = ("news", "student", "theatre", "vip")

FILTER: Mapping[str, Sequence[str]] = {
    "operator_codes": ("916", "926", "952"),
    "tags": ("theatre", "vip"),
}
"""Whom the demo's mailing is for: 300 of them."""


@dataclass(frozen=True, slots=True)
class MadeUpClient:
    """The body of a `POST /clients`."""

    phone: str
    operator_code: str
    tags: tuple[str, ...]
    timezone: str

    def body(self) -> dict[str, object]:
        return asdict(self)


def made_up_clients() -> list[MadeUpClient]:
    return [
        MadeUpClient(
            phone=f"7000000{number:04}",
            operator_code=OPERATOR_CODES[number % len(OPERATOR_CODES)],
            tags=(TAGS[number // len(OPERATOR_CODES) % len(TAGS)],),
            timezone=TIMEZONES[number % len(TIMEZONES)],
        )
        for number in range(COUNT)
    ]
