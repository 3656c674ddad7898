"""What people do to Carillon: clients and mailings come, change and go at any moment.

Moments at which something happens anyway (a start, an opening, an end, a resend) draw them: most of
what they do falls within seconds of one. Their requests are processes like all others: the API may
die, fail, or do what was asked without saying so, and then they often ask again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from carillon.errors import CarillonError, Unavailable
from carillon.models.client import ClientDraft, ClientPatch
from carillon.models.mailing import (
    Filter,
    Mailing,
    MailingDraft,
    MailingPatch,
    MailingStatus,
    TimeWindow,
)
from carillon.models.message import MessageStatus
from carillon.policy.actions import Action
from carillon.ports import Creation
from tests.simulation.history import Asked
from tests.simulation.world import World

ZONES = (
    "Europe/Moscow",
    "Europe/Berlin",
    "Asia/Vladivostok",
    "Asia/Kolkata",
    "America/New_York",
    "Australia/Lord_Howe",
)
TAGS = ("vip", "new", "south")
TEXTS = {"hello": 1, "a word " * 25: 2, "слово " * 40: 4}
"""And of how many SMS parts each is."""

Doing = Callable[[str], None]
"""Something done to a mailing."""

ARRIVALS = 6
API_TIMEOUT_S = 10.0
ASKED_AGAIN = 3


class Operators:
    """Acts on the world by the API's own use cases, until `busy_s` from the start on."""

    def __init__(self, world: World, busy_s: float) -> None:
        self._world = world
        self._dice = world.kernel.dice
        self._busy_s = busy_s
        self._until = world.kernel.now() + timedelta(seconds=busy_s)
        self._phones = 0
        self._moments: list[datetime] = []
        self._doings = self._sensible()

    def arrive(self) -> None:
        """Fill the directory and plan the whole run's doings."""
        dice = self._dice
        crowd = dice.choice((3, 8, 20, 20, 40, 40)) if dice.random() < 0.95 else 150
        for _ in range(crowd):
            self._at(0, self._add_client)
        for _ in range(dice.randint(1, 3)):
            self._at(dice.uniform(0, min(900, self._busy_s / 2)), self._add_mailing)
        for _ in range(dice.randint(0, 3)):
            doing = dice.choice((self._add_client, self._change_client, self._remove_client))
            self._at(dice.uniform(0, self._busy_s), doing)

    def accident(self) -> datetime:
        """A moment at which something may befall the world: near one that matters, if any."""
        return self._near(self._dice.choice(self._moments)) if self._moments else self._until

    # When

    def _at(self, in_s: float, doing: Callable[[], None]) -> None:
        self._when(self._world.kernel.now() + timedelta(seconds=in_s), doing)

    def _when(self, moment: datetime, doing: Callable[[], None]) -> None:
        """Do it then, unless the operators have gone home; ask again when AWS had trouble."""

        def ask(left: int) -> None:
            def body() -> None:
                try:
                    doing()
                except Unavailable:
                    if left and self._dice.random() < 0.8:
                        self._world.kernel.after(self._dice.uniform(0, 3), lambda: ask(left - 1))
                except CarillonError:
                    pass  # refused, as it may be: the state or the time forbids it

            self._world.kernel.run_process(body, timeout_s=API_TIMEOUT_S)

        if moment <= self._until:
            self._world.kernel.at(moment, lambda: ask(ASKED_AGAIN))

    def _near(self, moment: datetime) -> datetime:
        dice = self._dice
        off_s = dice.choice((dice.uniform(-2, 2), dice.uniform(-10, 40), dice.uniform(0, 400)))
        return moment + timedelta(seconds=off_s)

    # Clients

    def _add_client(self) -> None:
        self._phones += 1
        phone = f"7{self._dice.choice((900, 901))}{self._phones:07d}"
        draft = ClientDraft(
            phone=phone,
            tags=tuple(tag for tag in TAGS if self._dice.random() < 0.4),
            timezone=self._dice.choice(ZONES),
        )
        self._world.functions.directory().create(draft, _creation(phone))

    def _arrivals(self) -> None:
        """One after the other, so that one of them comes just before the directory is read."""
        for number in range(ARRIVALS):
            self._at(number * self._dice.uniform(0.1, 0.4), self._add_client)

    def _change_client(self) -> None:
        client_id = self._some_client()
        patch = self._dice.choice(
            (
                ClientPatch(timezone=self._dice.choice(ZONES)),
                ClientPatch(tags=(self._dice.choice(TAGS),)),
                ClientPatch(phone=f"7902{self._dice.randrange(10**7):07d}"),
            )
        )
        self._world.functions.directory().change(client_id, patch, None)

    def _remove_client(self) -> None:
        self._world.functions.directory().remove(self._some_client(), None)

    def _some_client(self) -> str:
        return self._dice.choice(sorted(self._world.cloud.clients.by_id) or ["nobody"])

    # Mailings

    def _add_mailing(self) -> None:
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
        key = _creation(f"{len(self._moments)}-{starts_at}")
        mailing = self._world.functions.desk().create(draft, key)
        self._moments += [mailing.starts_at, mailing.ends_at]
        self._plan(mailing)

    def _plan(self, mailing: Mailing) -> None:
        """People watch a mailing at its own moments, and some of them cannot keep still."""
        dice = self._dice
        if dice.random() < 0.5:
            self._play_scene(mailing)
        times = [mailing.starts_at, mailing.starts_at, mailing.ends_at, *self._openings(mailing)]
        for _ in range(dice.choice((0, 1, 4))):
            doing = dice.choice((self._arrivals, self._change_client, self._remove_client))
            self._when(self._near(mailing.starts_at), doing)
        for _ in range(dice.choice((0, 2, 4))):
            visits = dice.choice((1, 4, 10))
            self._when(self._near(dice.choice(times)), partial(self._visit, mailing.id, visits))

    def _play_scene(self, mailing: Mailing) -> None:
        """What hurts most just after a start: the same thing, again and again or at once."""
        dice, act, start = self._dice, self._act, mailing.starts_at
        scene = dice.choice(("flapping", "flapping", "cancel", "edits", "arrivals", "resends"))
        for number in range(ARRIVALS if scene != "cancel" else 1):
            doing: Callable[[], None] = {
                "flapping": partial(act, mailing.id, Action.PAUSE if number % 2 else Action.RESUME),
                "cancel": partial(act, mailing.id, Action.CANCEL),
                "edits": partial(self._edit_hours, mailing.id),
                "arrivals": self._add_client,
                "resends": partial(self._resend, mailing.id),
            }[scene]
            step_s = {"flapping": 4.0, "cancel": 6.0, "edits": 2.0, "arrivals": 0.3, "resends": 9.0}
            start += timedelta(seconds=dice.uniform(0, step_s[scene]))
            self._when(start, doing)

    def _visit(self, mailing_id: str, left: int) -> None:
        """Do something that makes sense now, and perhaps stay to do more."""
        dice = self._dice
        if left > 1:
            in_s = dice.choice((0.0, 0.3, 1.0, 1.0, 3.0, 10.0, 30.0, 120.0))
            self._at(in_s, partial(self._visit, mailing_id, left - 1))
        status = self._world.functions.desk().get(mailing_id).status
        dice.choice(self._doings[status])(mailing_id)

    def _openings(self, mailing: Mailing) -> list[datetime]:
        """Some half hour, when windows open and close somewhere."""
        if mailing.time_window is None:
            return []
        half_hours = self._dice.randint(0, int(self._busy_s // 1800))
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
        self._world.functions.desk().change(mailing_id, patch, None)

    def _act(self, mailing_id: str, action: Action) -> None:
        self._world.functions.desk().act(mailing_id, action, None)
        if action is Action.PAUSE and self._dice.random() < 0.5:
            in_s = self._dice.choice((0.2, 0.6, 1.5, 3.0, 10.0, 40.0))
            self._at(in_s, partial(self._act, mailing_id, Action.RESUME))

    def _resend(self, mailing_id: str) -> None:
        both = (MessageStatus.FAILED, MessageStatus.UNKNOWN)
        statuses = self._dice.choice((both, both[:1], both[1:]))
        asked = Asked(self._world.kernel.now(), mailing_id, frozenset(statuses))
        self._world.history.asked.append(asked)
        self._world.functions.desk().resend(mailing_id, statuses, None)

    def _recount(self, mailing_id: str) -> None:
        desk = self._world.functions.desk()
        desk.get_recount(mailing_id, desk.recount(mailing_id).number)

    def _corrupt(self, mailing_id: str) -> None:
        if self._world.corrupt_counters(mailing_id) and self._dice.random() < 0.8:
            self._at(self._dice.choice((0.0, 5.0, 60.0)), partial(self._recount, mailing_id))

    def _end(self, mailing_id: str) -> None:
        if self._dice.random() < 0.6:
            self._act(mailing_id, Action.CANCEL)

    def _remove(self, mailing_id: str) -> None:
        if self._dice.random() < 0.3:  # there is little to see afterwards
            self._world.functions.desk().remove(mailing_id, None)

    def _sensible(self) -> dict[MailingStatus, list[Doing]]:
        """What is done to a mailing in each state, the usual more often, the forbidden at times."""
        start, pause, resume = (
            partial(self._act, action=action)
            for action in (Action.START, Action.PAUSE, Action.RESUME)
        )
        usual: list[Doing] = [self._edit, self._edit, self._resend, self._recount, self._corrupt]
        return {
            MailingStatus.SCHEDULED: [start, start, self._edit, self._edit, self._end, self._remove],
            MailingStatus.RUNNING: [
                *usual, pause, pause, pause, self._resend, self._resend, resume, self._end, self._remove,
            ],
            MailingStatus.PAUSED: [*usual, *(resume,) * 8, self._end, self._remove],
            MailingStatus.FINISHED: [*usual, *(self._resend,) * 4, pause, self._remove],
            MailingStatus.CANCELLED: [*usual, resume, self._remove],
        }  # fmt: skip


def _creation(key: str) -> Creation:
    """Who asks again asks with the same key."""
    return Creation(key=key, digest=key)
