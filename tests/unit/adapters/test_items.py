"""What is stored by a newer version of ours is read by this one, without what it does not know."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from carillon.adapters.client_items import client_from_item, client_item
from carillon.adapters.items import Item, to_attribute
from carillon.adapters.mailing_items import due_from_item, mailing_item, work_item
from carillon.adapters.message_items import message_from_item, message_item
from carillon.adapters.trials_table import trial_from_item, trial_item
from carillon.models.mailing import Slice
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from tests.fakes.samples import a_client, a_mailing, a_message, a_trial
from tests.fakes.system import SOME_MOMENT

MAILING_ID = a_mailing().id
SLICE = Slice(mailing_id=MAILING_ID, number=1, total=8, due_at=SOME_MOMENT)
WAVE = Wave(mailing_id=MAILING_ID, opens_at=SOME_MOMENT)
RECOUNT = Recount(mailing_id=MAILING_ID, number=1, requested_at=SOME_MOMENT, due_at=SOME_MOMENT)


@pytest.mark.parametrize(
    ("stored", "item", "read"),
    [
        (a_client(), client_item(a_client()), client_from_item),
        (a_mailing(), mailing_item(a_mailing()), due_from_item),
        (a_message(), message_item(a_message()), message_from_item),
        (a_trial(), trial_item(a_trial()), trial_from_item),
        *((each, work_item(each), due_from_item) for each in (SLICE, WAVE, RECOUNT)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_field_of_a_newer_version_is_left_out(
    stored: object, item: Item, read: Callable[[Mapping[str, Any]], object]
) -> None:
    newer = {**item, "came_later": to_attribute({"of": ["a", "newer", "version"]})}
    nested = {
        name: {"M": {**value["M"], "came_later": to_attribute(1)}} if "M" in value else value
        for name, value in newer.items()
    }
    assert read(newer) == read(nested) == stored
