"""A mailing as far as somebody has described it, who wants to see whom it would reach."""

from pydantic import Field

from carillon.models.base import Model
from carillon.models.instant import Instant
from carillon.models.mailing import Filter, Text, TimeWindow


class PreviewDraft(Model):
    """What is not known yet is null or left out."""

    filter: Filter
    text: Text | None = None
    starts_at: Instant | None = Field(
        default=None, description="left out or in the past it means now"
    )
    ends_at: Instant | None = Field(
        default=None, description="without it openings are looked for however late"
    )
    time_window: TimeWindow | None = None
