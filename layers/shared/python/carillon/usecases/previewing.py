"""Show whom a mailing would reach, where and from when on, before there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from carillon.errors import Invalid
from carillon.models.instant import to_milliseconds
from carillon.models.preview import PreviewDraft
from carillon.policy.delivery import first_opening
from carillon.policy.edits import EDITABLE_BEFORE_START, check_span
from carillon.policy.hours import zone_of
from carillon.policy.sms_parts import SmsParts, sms_parts
from carillon.ports import CensusTaker, Clock

BUDGET_S = 3.0
"""Somebody types and waits for the number. API Gateway would wait for 30 s, a person does not."""

_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Python's calendar ends with that year, and a local clock may be a day ahead of ours."""


@dataclass(frozen=True, slots=True)
class ZonePreview:
    """The clients of one time zone.

    `local_start` is the start on their clocks, `first_opening` when they may first be written to,
    None if not before the end.
    """

    timezone: str
    recipients: int
    local_start: datetime
    first_opening: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A mailing as it would be; unless `exact`, numbers of recipients are lower bounds."""

    recipients: int
    exact: bool
    parts: SmsParts | None
    zones: Sequence[ZonePreview]


@dataclass(frozen=True, slots=True)
class Previewing:
    """Looks ahead for an operator who describes a mailing."""

    census: CensusTaker
    clock: Clock

    def preview(self, draft: PreviewDraft) -> Preview:
        """Zones with most recipients first; `Invalid` for times that no mailing could have."""
        now = to_milliseconds(self.clock.now())
        start = max(draft.starts_at or now, now)
        if start >= _LATEST:
            raise Invalid("starts_at", "must be before the year 9999")
        if draft.ends_at is not None:
            check_span(start, draft.ends_at, now, edited=EDITABLE_BEFORE_START)
        census = self.census.count(draft.filter, by=["timezone"], budget_s=BUDGET_S)
        zones = [
            self._zone(draft, timezone, recipients, start)
            for timezone, recipients in census.by["timezone"].items()
        ]
        return Preview(
            recipients=census.clients,
            exact=census.exact,
            parts=None if draft.text is None else sms_parts(draft.text),
            zones=sorted(zones, key=lambda each: (-each.recipients, each.timezone)),
        )

    def _zone(
        self, draft: PreviewDraft, timezone: str, recipients: int, start: datetime
    ) -> ZonePreview:
        return ZonePreview(
            timezone=timezone,
            recipients=recipients,
            local_start=start.astimezone(zone_of(timezone)),
            first_opening=first_opening(draft.time_window, timezone, start, ends_at=draft.ends_at),
        )
