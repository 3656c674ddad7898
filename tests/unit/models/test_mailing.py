"""What a mailing may look like, and whom its filter chooses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from carillon.models.mailing import (
    FILTER_LIST_MAX,
    TEXT_LENGTH_MAX,
    Filter,
    Mailing,
    MailingDraft,
    MailingPatch,
    MailingStatus,
    TimeWindow,
)
from tests.fakes.samples import a_client, a_mailing

GOOD: dict[str, Any] = {
    "text": "Привет!",
    "starts_at": "2026-11-21T10:00:00+03:00",
    "ends_at": "2026-11-21T20:00:00+03:00",
    "filter": {},
}
CODES = ("900", "901", "902")
TAGS = ("a", "b", "c")


def test_a_draft_is_read_as_json_brings_it() -> None:
    draft = MailingDraft.model_validate(
        {
            **GOOD,
            "filter": {"operator_codes": ["900", "900", "901"], "tags": ["vip"]},
            "time_window": {"start": "21:00", "end": "09:00"},
        }
    )
    assert draft.filter == Filter(operator_codes=("900", "901"), tags=("vip",))
    assert draft.time_window == TimeWindow(start="21:00", end="09:00")
    assert MailingDraft.model_validate(GOOD).time_window is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", " \t\n\u2003"),
        ("text", "x" * (TEXT_LENGTH_MAX + 1)),
        ("text", None),
        ("text", 5),
        ("starts_at", "2026-11-21T10:00:00"),
        ("starts_at", 1_795_255_200),
        ("ends_at", "tomorrow"),
        ("filter", None),
        ("filter", []),
        ("filter", {"tag": ["vip"]}),
        ("filter", {"tags": "vip"}),
        ("filter", {"tags": [""]}),
        ("filter", {"operator_codes": ["9"]}),
        ("filter", {"operator_codes": [900]}),
        ("filter", {"tags": [f"t{number}" for number in range(FILTER_LIST_MAX + 1)]}),
        ("time_window", {"start": "09:00"}),
        ("time_window", {"start": "09:00", "end": "09:00"}),
        ("time_window", {"start": "9:00", "end": "21:00"}),
        ("time_window", {"start": "09:00", "end": "24:00"}),
        ("time_window", {"start": "09:00", "end": "21:60"}),
        ("time_window", {"start": "09:00:00", "end": "21:00"}),
        ("time_window", {"start": "09:00\n", "end": "21:00"}),
        ("time_window", {"start": "09:00", "end": "21:00", "zone": "UTC"}),
        ("status", "running"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as failure:
        MailingDraft.model_validate({**GOOD, field: value})
    assert {each["loc"][0] for each in failure.value.errors()} == {field}


@pytest.mark.parametrize("missing", GOOD)
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ValidationError) as failure:
        MailingDraft.model_validate({k: v for k, v in GOOD.items() if k != missing})
    assert [each["loc"] for each in failure.value.errors()] == [(missing,)]


@pytest.mark.parametrize("text", ["x", "x" * TEXT_LENGTH_MAX, " х ", "\n.\n", "😀" * 1000])
def test_a_text_is_kept_as_it_is(text: str) -> None:
    assert MailingDraft.model_validate({**GOOD, "text": text}).text == text


def test_fifty_values_in_each_list_are_allowed() -> None:
    codes = [f"{number:03d}" for number in range(FILTER_LIST_MAX)]
    chosen = Filter.model_validate({"operator_codes": codes, "tags": [f"t{c}" for c in codes]})
    assert (len(chosen.operator_codes), len(chosen.tags)) == (FILTER_LIST_MAX, FILTER_LIST_MAX)


def test_only_the_window_can_be_taken_away() -> None:
    patch = MailingPatch.model_validate({"time_window": None})
    assert patch.model_fields_set == {"time_window"}
    assert MailingPatch.model_validate({}).model_fields_set == set()
    for name in ("text", "starts_at", "ends_at", "filter"):
        with pytest.raises(ValidationError, match=name):
            MailingPatch.model_validate({name: None})


@given(
    codes=st.sets(st.sampled_from(CODES)),
    tags=st.sets(st.sampled_from(TAGS)),
    code=st.sampled_from(CODES),
    has=st.sets(st.sampled_from(TAGS)),
)
def test_a_filter_wants_one_of_each_list_and_an_empty_list_wants_nothing(
    codes: set[str], tags: set[str], code: str, has: set[str]
) -> None:
    chosen = Filter(operator_codes=tuple(codes), tags=tuple(tags))
    client = a_client(operator_code=code, tags=tuple(has))
    wrong_code = codes and code not in codes
    wrong_tags = tags and not tags & has
    assert chosen.matches(client) == (not wrong_code and not wrong_tags)


@pytest.mark.parametrize("status", MailingStatus)
def test_open_means_that_messages_may_still_be_made(status: MailingStatus) -> None:
    ended = status in (MailingStatus.FINISHED, MailingStatus.CANCELLED)
    assert a_mailing(status=status).is_open == (not ended)
    assert not a_mailing(status=status, deleted=True).is_open


def test_a_change_is_the_next_revision_of_the_same_version() -> None:
    mailing = a_mailing(rev=4, version=2)
    changed = mailing.changed(closing=True)
    assert (changed.rev, changed.version, changed.closing) == (5, 2, True)
    assert mailing.rev == 4


def test_a_mailing_survives_json() -> None:
    mailing = a_mailing(
        filter=Filter(operator_codes=("900",), tags=("b", "a")),
        time_window=TimeWindow(start="09:00", end="21:00"),
    )
    assert Mailing.model_validate_json(mailing.model_dump_json()) == mailing
