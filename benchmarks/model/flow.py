"""The model itself: a mailing moved through its three stages, one small span of time after another.

In each span every stage wants what its functions could do with what lies before them; the walls
that stages share let a part of it through; and what limited the sending is written down. A span is
a tenth of a second at first and half a hundredth of the time that has passed later, a minute at
most: mailings begin quickly and then take hours. The spans depend on nothing else, so that two runs
can be compared message by message.

A message is a number here, not a thing. What happens to single ones, retries, local hours, pauses,
is the simulation's business (tests/simulation); here all are delivered at the first attempt.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.model import shape
from benchmarks.model.course import Course, Moment
from benchmarks.model.effort import AtWork, Effort
from benchmarks.model.limits import Limits
from benchmarks.model.settings import Settings
from benchmarks.model.spans import NOTHING, reached, spans
from benchmarks.model.stages import COUNT, MAKE, SEND, Stages
from benchmarks.model.walls import GATEWAY, World

SLICES: Final = "the fan-out's slices"
SENDERS: Final = "the senders"
START: Final = "the start"
RAMP: Final = "the event source's ramp"
IN_FLIGHT: Final = "records in flight"
CONCURRENCY: Final = "the account's concurrent functions"
COUNTING: Final = "the counters' readers"

_ROUNDS: Final = 5
_CLOSE: Final = 0.005

API_CONCURRENCY: Final = 5
"""Left to the API, the planner and the tick while a mailing runs."""


@dataclass(slots=True)
class _State:
    visible: float = 0.0
    put_off: float = 0.0
    made: float = 0.0
    sent: float = 0.0
    stream: float = 0.0
    counted: float = 0.0


@dataclass(slots=True)
class Flow:
    """Runs one mailing to `recipients` clients, all of whom match, in `world`.

    Args:
        begins_s: from the moment that seconds are counted from to the first page.
        ramps: whether event sources begin with few batches at once, as Lambda's do.
    """

    recipients: int
    settings: Settings
    stages: Stages
    limits: Limits
    world: World
    begins_s: float
    first_s: float
    ramps: bool = True

    def run(self) -> Course:
        """To the last change counted."""
        state, effort = _State(), Effort()
        limited: dict[str, float] = defaultdict(float)
        moments = [Moment(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, START)]
        made_s = sent_s = counted_s = 0.0
        changes = self.recipients * sum(shape.STREAM_RECORDS.values())
        for at, seconds in spans():
            before_made, before_sent, before_counted = state.made, state.sent, state.counted
            moment = self._step(state, effort, at, seconds, moments[-1].limited_by)
            moments.append(moment)
            if before_sent < self.recipients - NOTHING:
                limited[moment.limited_by] += seconds
            made_s = reached(self.recipients, before_made, state.made, at, seconds) or made_s
            sent_s = reached(self.recipients, before_sent, state.sent, at, seconds) or sent_s
            counted_s = reached(changes, before_counted, state.counted, at, seconds) or counted_s
            if counted_s:
                break
        # The last page's records wait to be collected, and their batch takes its time.
        last_s = max(sent_s, made_s + shape.QUEUE_WINDOW_S + self.stages.batch_s())
        return Course(
            recipients=self.recipients,
            begins_s=self.begins_s,
            first_s=self.first_s,
            last_s=last_s,
            counted_s=max(counted_s, last_s + shape.QUEUE_WINDOW_S),
            moments=moments,
            limited_s=dict(limited),
            effort=effort,
        )

    def _step(
        self, state: _State, effort: Effort, at: float, seconds: float, before: str
    ) -> Moment:
        slices, senders, why = self._functions(at)
        self._return(state, seconds)
        cycle_s = (self.stages.gather_s + self.stages.batch_s()) / shape.SENDER_BATCH
        making, could_send = (
            min(self.recipients - state.made, slices * self.stages.slice_per_s * seconds),
            senders * seconds / cycle_s,
        )
        readers = self.world.shards * self.stages.shard_per_s * seconds
        wanted = {MAKE: making, SEND: could_send, COUNT: readers}
        wanted, why = self._settled(state, wanted, why, seconds)
        state.made += wanted[MAKE]
        state.sent += wanted[SEND]
        state.visible += wanted[MAKE] - wanted[SEND]
        state.stream += _changes(wanted) - wanted[COUNT]
        state.counted += wanted[COUNT]
        self.world.spend(wanted, at=at, seconds=seconds)
        waiting = state.visible > NOTHING
        looks = 0.0
        if why[SEND] == GATEWAY:
            looks = self._look(state, wanted[SEND], senders * seconds)
        at_work = AtWork(slices, senders, self.world.shards, waiting)
        effort.note(self.stages, wanted, looks, at_work, seconds)
        rate = wanted[SEND] / seconds
        busy = senders * shape.SENDER_BATCH
        return Moment(
            at=at + seconds,
            made=state.made,
            sent=state.sent,
            counted=state.counted,
            put_off=state.put_off,
            in_flight=busy if waiting else min(busy, rate * cycle_s * shape.SENDER_BATCH),
            limited_by=self._limit(state, why, before, at),
        )

    def _functions(self, at: float) -> tuple[float, float, dict[str, str]]:
        """Slices and senders at work, and what keeps them from being more."""
        limits, settings = self.limits, self.settings
        shards = min(self.world.shards, limits.account_concurrency / 2)
        free = max(1.0, limits.account_concurrency - API_CONCURRENCY - shards)
        slices = {
            SLICES: min(settings.slices, settings.fanout_concurrency),
            RAMP: self._pollers(at - self.begins_s),
            CONCURRENCY: free / 2,
        }
        making = min(slices.values())
        senders = {
            SENDERS: settings.sender_concurrency,
            RAMP: self._pollers(at - self.first_s),
            IN_FLIGHT: limits.in_flight_max / shape.SENDER_BATCH,
            CONCURRENCY: free - making,
        }
        why = {
            MAKE: min(slices, key=slices.__getitem__),
            SEND: min(senders, key=senders.__getitem__),
        }
        return making, min(senders.values()), why

    def _pollers(self, since: float) -> float:
        if since < 0:
            return 0.0
        if not self.ramps:
            return float(self.limits.pollers_max)
        more = since / 60 * self.limits.pollers_more_per_min
        return min(self.limits.pollers_max, self.limits.pollers_first + more)

    def _settled(
        self, state: _State, able: Mapping[str, float], why: Mapping[str, str], seconds: float
    ) -> tuple[dict[str, float], dict[str, str]]:
        """What goes through of what the stages are able to do, and what limits each of them.

        A stage wants no more than what the one before it leaves for it, and how much that is shows
        only when the walls have been shared: so they are shared again until both agree.
        """
        moved = dict(able)
        reasons: dict[str, str] = {}
        for _ in range(_ROUNDS):
            wanted = {
                MAKE: able[MAKE],
                SEND: min(able[SEND], state.visible + moved[MAKE]),
                COUNT: min(able[COUNT], state.stream + _changes(moved)),
            }
            reasons = dict(why)
            if wanted[SEND] < able[SEND]:
                reasons[SEND] = ""  # it waits for records
            before, moved = moved, self._shared(wanted, reasons, seconds)
            if all(abs(moved[each] - before[each]) <= _CLOSE * before[each] for each in moved):
                break
        if moved[SEND] > state.visible + moved[MAKE]:
            moved[SEND], reasons[SEND] = state.visible + moved[MAKE], ""
        moved[COUNT] = min(moved[COUNT], state.stream + _changes(moved))
        return moved, reasons

    def _shared(
        self, wanted: Mapping[str, float], why: dict[str, str], seconds: float
    ) -> dict[str, float]:
        moved = dict(wanted)
        for wall in self.world.walls():
            for stage, part in wall.parts(moved, seconds).items():
                if part < 1.0:
                    moved[stage] *= part
                    why[stage] = wall.name
        return moved

    def _limit(self, state: _State, why: Mapping[str, str], before: str, at: float) -> str:
        """What held up the sending: a limit of its own, else what its supply waits for."""
        if at < self.first_s:
            return START
        if state.sent >= self.recipients - NOTHING:
            return before  # the last messages of all are held up by what held up the others
        return why[SEND] or (GATEWAY if state.put_off > NOTHING else why[MAKE])

    def _return(self, state: _State, seconds: float) -> None:
        """Records without a slot come back after a time that is uniform between the next slot and
        the one after the whole backlog, and never longer than a queue can hold them
        (`carillon.usecases.pacing`): with a short backlog as fast as slots come free."""
        pace = self.settings.gateway_parts_per_s
        if pace is None or not state.put_off:
            return
        whole, most = state.put_off / pace, self.limits.queue_delay_max_s
        mean_s = whole / 2 if whole <= most else most - most**2 / (2 * whole)
        back = min(state.put_off, seconds * max(pace, state.put_off / mean_s))
        state.put_off -= back
        state.visible += back

    def _look(self, state: _State, sent: float, functions_s: float) -> float:
        """Senders whose pace binds take what is there, and put off what gets no slot."""
        batch_s = self.stages.gather_s + self.stages.batch_s() + self.stages.paced_s
        received = functions_s / batch_s * shape.SENDER_BATCH
        looks = min(state.visible, max(0.0, received - sent))
        state.visible -= looks
        state.put_off += looks
        return looks


def _least(limits: Mapping[str, float]) -> str:
    return min(limits, key=lambda name: limits[name])


def _changes(moved: Mapping[str, float]) -> float:
    return sum(records * moved[stage] for stage, records in shape.STREAM_RECORDS.items())
