"""A mailing of some size, at some gateway, with some settings: run through the model on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from benchmarks.model import shape
from benchmarks.model.course import Course
from benchmarks.model.flow import Flow
from benchmarks.model.limits import AWS, Limits
from benchmarks.model.settings import Settings
from benchmarks.model.stages import Stages
from benchmarks.model.timings import Timings
from benchmarks.model.walls import Account

VERIFY_READ_UNITS: Final = 0.1
"""Closing reads every message once more, consistently: some 400 bytes each, 4 KB a unit."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is run. Seconds are counted from the mailing's `starts_at`, for which it waited."""

    recipients: int
    settings: Settings
    limits: Limits = AWS
    timings: Timings = field(default_factory=Timings)
    memory_mb: Mapping[str, float] = field(default_factory=lambda: dict(shape.MEMORY_MB))
    keys: int = shape.PARTITION_KEYS

    @property
    def stages(self) -> Stages:
        """How fast its functions are."""
        return Stages(
            settings=self.settings,
            timings=self.timings,
            limits=self.limits,
            memory_mb=self.memory_mb,
        )

    def with_settings(self, settings: Settings) -> "Scenario":
        """The same mailing in another deployment."""
        return replace(self, settings=settings)

    @property
    def begins_s(self) -> float:
        """Until the first page is read: the start's hint, which waits in whole seconds, a cold
        fan-out that begins the mailing in one transaction, and a cold one for each slice."""
        each = self.timings
        hint = each.queue_delay_round_s + each.queue_s + each.cold_start_s
        begin = each.get_s + each.transact_s + each.queue_s
        return hint + begin + each.cold_start_s

    @property
    def first_s(self) -> float:
        """Until the gateway's first call: the first page is inserted and rung for, its records are
        collected, a cold sender reads and claims them."""
        stages, each = self.stages, self.timings
        claims = shape.SENDER_BATCH / self.limits.statements_max * each.batch_write_s
        window = shape.QUEUE_WINDOW_S + each.cold_start_s
        return self.begins_s + stages.page_s + window + stages.look_s + claims

    def run(self) -> Course:
        """Through the model."""
        account = Account(self.settings, self.limits, self.timings, keys=self.keys)
        return Flow(
            recipients=self.recipients,
            settings=self.settings,
            stages=self.stages,
            limits=self.limits,
            world=account,
            begins_s=self.begins_s,
            first_s=self.first_s,
        ).run()

    def closed_s(self, course: Course) -> float:
        """Until the mailing is `finished`: a pass over all its messages finds none pending."""
        pages = course.recipients / shape.VERIFY_PAGE
        return course.counted_s + pages * self.timings.scan_s
