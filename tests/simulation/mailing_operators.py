"""What people do to mailings, most of it when something happens to them anyway.

Moments at which something happens (a start, an opening, an end) draw them, and some cannot keep
still. Their requests may fail, or be done without an answer, and then they often ask again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from carillon.models.mailing import (
    Filter,
    Mailing,
    MailingDraft,
    MailingPatch,
    MailingStatus,
    TimeWindow,
)
from carillon.models.message import MessageStatus
from carillon.models.trial import TrialDraft
from carillon.policy.actions import Action
from carillon.ports import Creation
from tests.simulation.asking import Asking
from tests.simulation.client_operators import ClientOperators
from tests.simulation.history import Asked
from tests.simulation.world import World

TEXTS = {"hello": 1, "a word " * 25: 2, "слово " * 40: 4}
"""And of how many SMS parts each is."""

Doing = Callable[[str], None]
"""Something done to a mailing."""

Scene = tuple[tuple[Callable[[], None], ...], int, float]
"""What is done in turn, how often in all, and how many seconds lie between at most."""


class MailingOperators:
    """Acts on mailings by the API's own use cases."""

    def __init__(self, world: World, asking: Asking, clients: ClientOperators) -> None:
        self._world = world
        self._dice = world.kernel.dice
        self._asking = asking
        self._clients = clients
        self._doings = self._sensible()

    def add(self) -> None:
        """Describe a mailing, and plan what will be done to it."""
        dice, now = self._dice, self._world.kernel.now()
        starts_at = now + timedelta(seconds=dice.choice((-60, 1, dice.uniform(0, 900))))
        length_s = dice.choice((20, 120, 900, 900, 7200, 7200, 30000))
        draft = MailingDraft(
            text=dice.choice(list(TEXTS)),
            starts_at=starts_at,
            ends_at=max(starts_at, now) + timedelta(seconds=length_s),
            filter=Filter(
                tags=("vip", "new") if dice.random() < 0.4 else (),
                operator_codes=("900",) if dice.random() < 0.2 else (),
            ),
            time_window=self._window(),
        )
        key = self._asking.key_for(f"{draft.text}-{starts_at}")
        self._asking.create(partial(self._create, draft, key))

    def _create(self, draft: MailingDraft, key: Creation | None) -> None:
        mailing = self._world.functions.desk().create(draft, key)
        self._asking.matters(mailing.starts_at, mailing.ends_at)
        self._plan(mailing)

    def _plan(self, mailing: Mailing) -> None:
        """People watch a mailing at its own moments, and some of them cannot keep still."""
        dice = self._dice
        if self._world.is_mild or dice.random() < 0.5:
            self._play_scene(mailing)
        for _ in range(dice.choice((0, 3, 6))):
            self._asking.at(dice.uniform(0, 60), partial(self._postpone, mailing.id))
        times = [mailing.starts_at, mailing.starts_at, mailing.ends_at, *self._openings(mailing)]
        for _ in range(dice.choice((0, 1, 4))):
            doing = dice.choice(
                (self._clients.arrivals, self._clients.change, self._clients.remove)
            )
            self._asking.when(self._asking.near(mailing.starts_at), doing)
        for _ in range(dice.choice((0, 0, 1, 3))):
            self._asking.when(
                self._asking.near(dice.choice(times)), partial(self._try_out, mailing.id)
            )
        for _ in range(dice.choice((0, 2, 4))):
            visits = dice.choice((1, 4, 10))
            self._asking.when(
                self._asking.near(dice.choice(times)), partial(self._visit, mailing.id, visits)
            )

    def _play_scene(self, mailing: Mailing) -> None:
        """What hurts most around a start: the same thing, again and again or just once."""
        act, add = self._act, self._clients.add
        pause, resume, cancel = (
            partial(act, mailing.id, action)
            for action in (Action.PAUSE, Action.RESUME, Action.CANCEL)
        )
        edit, resend = partial(self._edit_hours, mailing.id), partial(self._resend, mailing.id)
        remove = partial(self._remove, mailing.id)
        flapping: Scene = ((pause, resume), 16, 1.5)
        scenes: list[Scene] = [
            flapping, ((cancel,), 1, 6.0), ((cancel,), 1, 2.0), ((edit,), 8, 0.8),
            ((edit,), 4, 0.5), ((remove,), 1, 3.0), ((resend,), 6, 9.0),
            ((add,), 8, 0.2), ((add,), 6, 0.3),
        ]  # fmt: skip
        mild = self._world.is_mild and self._dice.random() < 0.5
        doings, times, step_s = flapping if mild else self._dice.choice(scenes)
        moment = mailing.starts_at - timedelta(seconds=self._dice.uniform(0, 0.6))
        for number in range(times):
            moment += timedelta(seconds=self._dice.uniform(0, step_s))
            self._asking.when(moment, doings[number % len(doings)])

    def _visit(self, mailing_id: str, left: int) -> None:
        """Do something that makes sense now, and perhaps stay to do more."""
        dice = self._dice
        if left > 1:
            in_s = dice.choice((0.0, 0.3, 1.0, 1.0, 3.0, 10.0, 30.0, 120.0))
            self._asking.at(in_s, partial(self._visit, mailing_id, left - 1))
        status = self._world.functions.desk().get(mailing_id).status
        dice.choice(self._doings[status])(mailing_id)

    def _openings(self, mailing: Mailing) -> list[datetime]:
        """Some half hour, when windows open and close somewhere."""
        if mailing.time_window is None:
            return []
        half_hours = self._dice.randint(0, int(self._asking.busy_s // 1800))
        return [mailing.starts_at.replace(minute=0, second=0) + half_hours * timedelta(minutes=30)]

    def _window(self) -> TimeWindow | None:
        if self._dice.random() < 0.5:
            return None
        start = f"{self._dice.randrange(24):02d}:{self._dice.choice((0, 30)):02d}"
        end = f"{self._dice.randrange(24):02d}:15"
        return TimeWindow(start=start, end=end)

    def _edit_hours(self, mailing_id: str) -> None:
        patch = MailingPatch(time_window=self._window())
        self._world.functions.desk().change(mailing_id, patch, None)

    def _edit(self, mailing_id: str) -> None:
        dice, now = self._dice, self._world.kernel.now()
        patch = dice.choice(
            (
                MailingPatch(text=dice.choice(list(TEXTS))),
                MailingPatch(ends_at=now + timedelta(seconds=dice.choice((3, 60, 900, 20000)))),
                MailingPatch(starts_at=now + timedelta(seconds=dice.uniform(-5, 300))),
                MailingPatch(time_window=self._window()),
                MailingPatch(time_window=self._window()),
            )
        )
        version = None
        if dice.random() < 0.2:  # as somebody saw it, perhaps before somebody else's edit
            seen = self._world.functions.desk().get(mailing_id).version
            version = dice.choice((seen, seen, max(1, seen - 1)))
        self._world.functions.desk().change(mailing_id, patch, version)

    def _postpone(self, mailing_id: str) -> None:
        """Who is not sure when it should begin and end changes that a little, again and again."""
        mailing = self._world.functions.desk().get(mailing_id)
        if mailing.status is MailingStatus.SCHEDULED:
            by = timedelta(seconds=self._dice.uniform(1, 30))
            patch = MailingPatch(starts_at=mailing.starts_at + by, ends_at=mailing.ends_at + by)
            self._world.functions.desk().change(mailing_id, patch, None)

    def _act(self, mailing_id: str, action: Action) -> None:
        self._world.functions.desk().act(mailing_id, action, None)
        if action is Action.PAUSE and self._dice.random() < 0.5:
            in_s = self._dice.choice((0.2, 0.6, 1.5, 3.0, 10.0, 40.0))
            self._asking.at(in_s, partial(self._act, mailing_id, Action.RESUME))

    def _resend(self, mailing_id: str) -> None:
        both = (MessageStatus.FAILED, MessageStatus.UNKNOWN)
        statuses = self._dice.choice((both, both[:1], both[1:]))
        asked = Asked(self._world.kernel.now(), mailing_id, frozenset(statuses))
        self._world.history.asked.append(asked)
        self._world.functions.desk().resend(mailing_id, statuses, None)

    def _try_out(self, mailing_id: str) -> None:
        """See how it looks on a phone, and what becomes of that; some press twice."""
        draft = TrialDraft(phone=f"7903{self._dice.randrange(10**7):07d}")
        key = self._asking.key_for(f"{mailing_id}-{draft.phone}")
        self._asking.create(partial(self._ask_for_trial, mailing_id, draft, key))

    def _ask_for_trial(self, mailing_id: str, draft: TrialDraft, key: Creation | None) -> None:
        desk = self._world.functions.trials()
        desk.get(mailing_id, desk.ask(mailing_id, draft, key).id)

    def _look(self, _mailing_id: str) -> None:
        status = self._dice.choice((None, *MailingStatus))
        self._world.functions.desk().page(status=status, limit=10, cursor=None)

    def _recount(self, mailing_id: str) -> None:
        desk = self._world.functions.desk()
        desk.get_recount(mailing_id, desk.recount(mailing_id).number)

    def _corrupt(self, mailing_id: str) -> None:
        if self._world.corrupt_counters(mailing_id) and self._dice.random() < 0.8:
            self._asking.at(self._dice.choice((0.0, 5.0, 60.0)), partial(self._recount, mailing_id))

    def _end(self, mailing_id: str) -> None:
        if self._dice.random() < 0.6:
            self._act(mailing_id, Action.CANCEL)

    def _remove(self, mailing_id: str) -> None:
        self._world.functions.desk().remove(mailing_id, None)

    def _remove_at_times(self, mailing_id: str) -> None:
        if self._dice.random() < 0.3:  # there is little to see afterwards
            self._remove(mailing_id)

    def _sensible(self) -> dict[MailingStatus, list[Doing]]:
        """What is done to a mailing in each state, the usual more often, the forbidden at times."""
        start, pause, resume = (
            partial(self._act, action=action)
            for action in (Action.START, Action.PAUSE, Action.RESUME)
        )
        edit, corrupt = self._edit, self._corrupt
        usual: list[Doing] = [
            edit, edit, self._resend, self._recount, corrupt, corrupt, self._look,
        ]  # fmt: skip
        final: list[Doing] = [self._end, self._remove_at_times]
        return {
            MailingStatus.SCHEDULED: [start, start, edit, edit, *final],
            MailingStatus.RUNNING: [
                *usual, pause, pause, pause, self._resend, self._resend, resume, *final,
            ],
            MailingStatus.PAUSED: [*usual, *(resume,) * 8, *final],
            MailingStatus.FINISHED: [*usual, *(self._resend,) * 4, pause, self._remove_at_times],
            MailingStatus.CANCELLED: [*usual, resume, self._remove_at_times],
        }  # fmt: skip
