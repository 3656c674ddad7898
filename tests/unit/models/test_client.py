"""What a client may look like, field by field."""

from typing import Any

import pytest
from pydantic import ValidationError

from carillon.models.client import (
    TAG_LENGTH_MAX,
    TAGS_MAX,
    Client,
    ClientDraft,
    ClientPatch,
    known_timezones,
    operator_code_of,
)
from tests.fakes.samples import a_client

GOOD: dict[str, Any] = {"phone": "79000000001", "timezone": "Europe/Moscow"}


def wrong_fields(error: ValidationError) -> set[object]:
    return {each["loc"][0] if each["loc"] else None for each in error.errors()}


def test_a_draft_needs_only_a_phone_and_a_zone() -> None:
    draft = ClientDraft.model_validate_json('{"phone": "79000000001", "timezone": "Asia/Tokyo"}')
    assert draft.operator_code is None
    assert draft.tags == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "89000000001"),
        ("phone", "+79000000001"),
        ("phone", "7900000000"),
        ("phone", "790000000012"),
        ("phone", "7900000000١"),
        ("phone", "79000000001\n"),
        ("phone", " 79000000001"),
        ("phone", 79000000001),
        ("phone", None),
        ("operator_code", "90"),
        ("operator_code", "9000"),
        ("operator_code", "90a"),
        ("operator_code", "٩٠٠"),
        ("operator_code", 900),
        ("timezone", "Europe/Nowhere"),
        ("timezone", "europe/moscow"),
        ("timezone", "MSK"),
        ("timezone", "+03:00"),
        ("timezone", ""),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Europe/Moscow\n"),
        ("timezone", "x" * 1000),
        ("tags", "vip"),
        ("tags", [1]),
        ("tags", [None]),
        ("tags", [""]),
        ("tags", [" vip"]),
        ("tags", ["vip "]),
        ("tags", ["\n"]),
        ("tags", ["vip\n"]),
        ("tags", ["x" * (TAG_LENGTH_MAX + 1)]),
        ("tags", [f"t{number}" for number in range(TAGS_MAX + 1)]),
        ("tags", {"vip": True}),
        ("name", "Anna"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as failure:
        ClientDraft.model_validate({**GOOD, field: value})
    assert wrong_fields(failure.value) == {field}


@pytest.mark.parametrize("missing", ["phone", "timezone"])
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ValidationError) as failure:
        ClientDraft.model_validate({k: v for k, v in GOOD.items() if k != missing})
    assert wrong_fields(failure.value) == {missing}


def test_tags_are_a_set() -> None:
    many = [f"t{number:02d}" for number in range(TAGS_MAX)]
    draft = ClientDraft.model_validate({**GOOD, "tags": [*reversed(many), *many]})
    assert draft.tags == tuple(many)
    longest = "ж" * TAG_LENGTH_MAX
    assert ClientDraft.model_validate({**GOOD, "tags": [longest, "a b"]}).tags == ("a b", longest)


def test_a_patch_tells_left_out_from_given() -> None:
    assert ClientPatch.model_validate_json("{}").model_fields_set == set()
    assert ClientPatch.model_validate_json('{"tags": []}').model_fields_set == {"tags"}


def test_the_operator_code_comes_after_the_seven() -> None:
    assert operator_code_of("79261234567") == "926"


def test_a_client_survives_json() -> None:
    client = a_client(tags=("vip", "новый"))
    assert Client.model_validate_json(client.model_dump_json()) == client


def test_a_client_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        a_client().phone = "79000000002"


def test_every_zone_of_russia_is_known() -> None:
    eleven = {
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
    }
    assert eleven < known_timezones()
