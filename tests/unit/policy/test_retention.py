"""How long a settled message is kept."""

from datetime import UTC, datetime

import pytest

from carillon.policy.retention import Retention


@pytest.mark.parametrize(
    ("days", "kept_until"),
    [
        (1, datetime(2026, 11, 22, 10, tzinfo=UTC)),
        (400, datetime(2027, 12, 26, 10, tzinfo=UTC)),
    ],
)
def test_days_count_from_the_final_status_in_whole_epoch_seconds(
    days: int, kept_until: datetime
) -> None:
    now = datetime(2026, 11, 21, 10, 0, 0, 999_000, tzinfo=UTC)
    assert Retention(days).expires_at(now) == int(kept_until.timestamp())
