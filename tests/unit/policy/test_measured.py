"""Which measure a call, a mailing or a find of the tick counts as."""

from datetime import timedelta
from typing import Any

import pytest

from carillon.models.gateway import GatewayOutcome
from carillon.models.mailing import DueItem, MailingStatus
from carillon.models.measures import (
    ACCEPTED,
    CATALOGUE,
    LOST_HINTS,
    NO_ANSWER,
    OTHER_RETRY,
    OUTCOMES,
    REFUSED,
    SERVER_ERROR,
    STALLED,
    THROTTLED,
    TOKEN_REFUSED,
    UNREACHABLE,
    Measure,
)
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.policy.measured import after_start_s, call_measure, is_overdue, repair_measure
from tests.fakes.samples import a_mailing, a_slice
from tests.fakes.system import SOME_MOMENT as NOW
from tests.unit.usecases.replies import no_reply, reply

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
RUNNING, CANCELLED = MailingStatus.RUNNING, MailingStatus.CANCELLED


@pytest.mark.parametrize(
    ("outcome", "measure"),
    [
        (reply(200, 0), ACCEPTED),
        (reply(201, 0), ACCEPTED),
        (reply(400), REFUSED),
        (reply(422), REFUSED),
        (no_reply("dns", handed_over=False), UNREACHABLE),
        (no_reply("tls", handed_over=False), UNREACHABLE),
        (no_reply("timeout", handed_over=False), UNREACHABLE),
        (no_reply("timeout", handed_over=True), NO_ANSWER),
        (no_reply("broken", handed_over=True), NO_ANSWER),
        (no_reply("too_large", handed_over=True), NO_ANSWER),
        (reply(500), SERVER_ERROR),
        (reply(599), SERVER_ERROR),
        (reply(429), THROTTLED),
        (reply(401), TOKEN_REFUSED),
        (reply(403), TOKEN_REFUSED),
        (reply(200), OTHER_RETRY),
        (reply(200, 7), OTHER_RETRY),
        (reply(307), OTHER_RETRY),
        (reply(404), OTHER_RETRY),
        (reply(408), OTHER_RETRY),
        (reply(499), OTHER_RETRY),
    ],
)
def test_each_call_is_counted_once(outcome: GatewayOutcome, measure: Measure) -> None:
    assert call_measure(outcome) is measure


def test_the_clock_begins_when_the_mailing_could() -> None:
    assert after_start_s(a_mailing(), NOW + 3 * SECOND) == 3
    late = a_mailing(starts_at=NOW - MINUTE, created_at=NOW + SECOND)
    assert after_start_s(late, NOW + 3 * SECOND) == 2
    assert after_start_s(a_mailing(), NOW - SECOND) == 0


@pytest.mark.parametrize(
    ("fields", "minutes", "overdue"),
    [
        ({"status": RUNNING, "ends_at": NOW}, 14, False),
        ({"status": RUNNING, "ends_at": NOW}, 15, True),
        ({"status": RUNNING, "ends_at": NOW, "closing": True}, 15, True),
        ({"status": MailingStatus.PAUSED, "ends_at": NOW}, 15, True),
        ({"status": RUNNING, "ends_at": NOW, "due_at": None}, 15, False),
        ({"status": RUNNING}, 59, False),
        ({"status": CANCELLED}, 14, False),
        ({"status": CANCELLED}, 15, True),
        ({"status": CANCELLED, "updated_at": NOW + MINUTE}, 15, False),
        ({"status": RUNNING, "ends_at": NOW, "deleted": True}, 15, False),
    ],
)
def test_a_mailing_is_overdue(fields: dict[str, Any], minutes: int, overdue: bool) -> None:
    assert is_overdue(a_mailing(**fields), NOW + minutes * MINUTE) is overdue


def _wave(**fields: Any) -> Wave:
    return Wave(mailing_id="m0000001", **{"opens_at": NOW, **fields})


def _recount(**fields: Any) -> Recount:
    return Recount(mailing_id="m0000001", number=1, requested_at=NOW, due_at=NOW, **fields)


@pytest.mark.parametrize(
    ("item", "after_s", "measure"),
    [
        (a_slice(due_at=NOW), 0, STALLED),
        (a_slice(due_at=NOW + SECOND), 0, None),
        (a_slice(due_at=None, done=True), 90, None),
        (_recount(), 59, None),
        (_recount(), 60, LOST_HINTS),
        (_recount(rev=2), 0, STALLED),
        (_wave(), 59, None),
        (_wave(), 60, LOST_HINTS),
        (_wave(held_until=NOW + SECOND), 0, None),
        (_wave(held_until=NOW + SECOND), 1, STALLED),
        (a_mailing(), 59, None),
        (a_mailing(), 60, LOST_HINTS),
        (a_mailing(starts_at=NOW + MINUTE), 90, None),
        (a_mailing(starts_at=NOW + MINUTE), 120, LOST_HINTS),
        (a_mailing(starts_at=NOW - MINUTE), 10, None),
        (a_mailing(status=RUNNING), 90, None),
        (a_mailing(status=RUNNING, ends_at=NOW), 59, None),
        (a_mailing(status=RUNNING, ends_at=NOW), 60, LOST_HINTS),
        (a_mailing(status=RUNNING, ends_at=NOW, holder=3), 0, STALLED),
        (a_mailing(status=RUNNING, ends_at=NOW, due_at=NOW + MINUTE), 30, None),
        (a_mailing(status=CANCELLED), 59, None),
        (a_mailing(status=CANCELLED), 60, LOST_HINTS),
        (a_mailing(deleted=True), 60, LOST_HINTS),
        (a_mailing(status=MailingStatus.FINISHED, due_at=None), 90, None),
    ],
)
def test_what_the_tick_repairs(item: DueItem, after_s: int, measure: Measure | None) -> None:
    assert repair_measure(item, NOW + after_s * SECOND) is measure


def test_the_catalogue_has_each_measure_once_and_every_outcome() -> None:
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)
    assert set(OUTCOMES) == {*MessageStatus} - {MessageStatus.PENDING}
    assert all(each.tells.strip() for each in CATALOGUE)
