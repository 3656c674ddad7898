"""What the reference decides: the same of every message that Carillon would."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.celery_app.decisions import after, before, may_retry

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
OK = b'{"code":0,"message":"OK"}'


@pytest.mark.parametrize(
    ("mailing", "ends_in_s", "ending"),
    [
        ("running", 1, None),
        ("running", 0, "expired"),
        ("running", -1, "expired"),
        ("finished", 1, "expired"),
        ("cancelled", 1, "cancelled"),
        ("cancelled", -1, "cancelled"),
    ],
)
def test_nothing_is_sent_outside_of_a_running_mailing(
    mailing: str, ends_in_s: int, ending: str | None
) -> None:
    ends_at = NOW + timedelta(seconds=ends_in_s)
    assert before(mailing=mailing, ends_at=ends_at, now=NOW) == ending


@pytest.mark.parametrize(
    ("status", "body", "ending"),
    [
        (200, OK, "sent"),
        (202, OK, "sent"),
        (200, b'{"code":7}', "pending"),
        (200, b'{"code":false}', "pending"),
        (200, b"<html>", "pending"),
        (200, b"[0]", "pending"),
        (200, b"", "pending"),
        (400, b"", "failed"),
        (422, OK, "failed"),
        (302, OK, "pending"),
        (401, b"", "pending"),
        (429, b"", "pending"),
        (500, OK, "pending"),
        (None, b"", "pending"),
    ],
)
def test_sent_is_only_what_the_gateway_said_so(
    status: int | None, body: bytes, ending: str
) -> None:
    assert after(status, body) == ending


@pytest.mark.parametrize(("wait_s", "may"), [(9, True), (10, False), (11, False)])
def test_a_retry_would_still_be_in_time(wait_s: int, may: bool) -> None:
    assert may_retry(wait_s=wait_s, ends_at=NOW + timedelta(seconds=10), now=NOW) is may
