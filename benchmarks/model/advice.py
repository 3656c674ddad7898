"""What held a mailing up, what to raise against it, and what that would give.

Advice is tried, not only told: the setting is doubled and the mailing run again, until another
limit is the first one or the setting is at its end.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from benchmarks.model import flow, walls
from benchmarks.model.course import Course
from benchmarks.model.limits import Limits
from benchmarks.model.scenario import Scenario
from benchmarks.model.settings import CONCURRENCY_MAX, SLICES_MAX, Settings

WORTH: Final = 0.99
"""A step is told only if the mailing then takes at most this share of its time: a little is much
where the next limit is close behind."""

STEPS_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Lever:
    """What moves a limit: the words for people, and the same settings with twice as much of it.

    `raised` gives None where there is no more to be had by a setting.
    """

    words: str
    raised: Callable[[Settings, Limits], Settings | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One lever moved: what was in the way, the settings after it, how long it takes then."""

    limit: str
    words: str
    change: str
    settings: Settings
    last_s: float


def _more_slices(now: Settings, _: Limits) -> Settings | None:
    slices = min(SLICES_MAX, 2 * now.slices)
    fanouts = min(CONCURRENCY_MAX, max(now.fanout_concurrency, slices + 2))
    more = replace(now, slices=slices, fanout_concurrency=fanouts)
    return None if more == now else more


def _more_senders(now: Settings, _: Limits) -> Settings | None:
    more = replace(now, sender_concurrency=min(CONCURRENCY_MAX, 2 * now.sender_concurrency))
    return None if more == now else more


def _warmer_messages(now: Settings, limits: Limits) -> Settings | None:
    has = now.messages_warm_writes_per_s or limits.new_table_writes_per_s
    more = int(min(limits.table_writes_max_per_s, 2 * has))
    return None if more <= has else replace(now, messages_warm_writes_per_s=more)


def _warmer_clients(now: Settings, limits: Limits) -> Settings | None:
    has = now.clients_warm_reads_per_s or limits.new_table_reads_per_s
    more = int(min(limits.table_reads_max_per_s, 2 * has))
    return None if more <= has else replace(now, clients_warm_reads_per_s=more)


def _nothing(_: Settings, __: Limits) -> Settings | None:
    return None


LEVERS: Final = {
    flow.SLICES: Lever("`slices`, and `fanout_concurrency` with it", _more_slices),
    flow.SENDERS: Lever("`sender_concurrency`", _more_senders),
    flow.START: Lever("nothing: hints, cold starts and the first page", _nothing),
    flow.RAMP: Lever("nothing: Lambda adds 300 pollers a minute", _nothing),
    flow.IN_FLIGHT: Lever("nothing: SQS gives no more than 120,000 at once", _nothing),
    flow.CONCURRENCY: Lever("Lambda's quota of concurrent executions, L-B99A9384", _nothing),
    walls.SPREAD: Lever("`messages_warm_writes_per_s`", _warmer_messages),
    walls.MESSAGES: Lever("`messages_warm_writes_per_s`", _warmer_messages),
    walls.CLIENTS: Lever("`clients_warm_reads_per_s`", _warmer_clients),
    walls.GATEWAY: Lever("the gateway's own rate, with `gateway_parts_per_s`", _nothing),
    walls.PACE_ITEM: Lever("nothing: senders take turns at one item", _nothing),
}


def bottleneck(course: Course) -> tuple[str, float]:
    """The limit that held up the sending for longest, and its share of the time."""
    name = max(course.limited_s, key=lambda each: course.limited_s[each])
    return name, course.limited_s[name] / sum(course.limited_s.values())


def steps(scenario: Scenario, course: Course) -> Sequence[Step]:
    """What to raise, one after the other, up to the last step that is worth it.

    One before it may give next to nothing by itself: where two limits are close, both are moved.
    """
    found: list[Step] = []
    worth, best_s = 0, course.last_s
    while len(found) < STEPS_MAX:
        name, _ = bottleneck(course)
        better = _raised(scenario, course, name)
        if better is None:
            break
        change = _told(scenario.settings, better[0].settings)
        scenario, course = better
        found.append(Step(name, LEVERS[name].words, change, scenario.settings, course.last_s))
        if course.last_s <= WORTH * best_s:
            worth, best_s = len(found), course.last_s
    return found[:worth]


def _raised(scenario: Scenario, course: Course, name: str) -> tuple[Scenario, Course] | None:
    """Doubled until it is no longer the first limit, and no further than it gives something."""
    best: tuple[Scenario, Course] | None = None
    before_s = course.last_s
    while bottleneck(course)[0] == name:
        settings = LEVERS[name].raised(scenario.settings, scenario.limits)
        if settings is None:
            return best
        scenario = scenario.with_settings(settings)
        course = scenario.run()
        if course.last_s <= WORTH * (best[1].last_s if best else before_s):
            best = scenario, course
    return best or (scenario, course)


def _told(before: Settings, after: Settings) -> str:
    """The values that are other ones now, in the order of the settings."""
    values = asdict(after)
    changed = [name for name, value in asdict(before).items() if value != values[name]]
    return ", ".join(f"{values[name]:,}" for name in changed)
