"""What people do to Carillon: clients and mailings come, change and go at any moment."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from carillon.errors import CarillonError
from carillon.models.client import ClientDraft, ClientPatch
from carillon.models.mailing import Filter, Mailing, MailingDraft, MailingPatch, TimeWindow
from carillon.policy.actions import Action
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
BUSY_S = 3 * 3600
"""Operators act within the first hours of a run."""


class Operators:
    """Acts on the world by the API's own use cases."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.kernel.dice
        self._phones = 0

    def arrive(self) -> None:
        """Fill the directory and plan the whole run's doings."""
        for _ in range(self._dice.randint(5, 40)):
            self._add_client()
        for _ in range(self._dice.randint(1, 3)):
            self._later(self._add_mailing, 1200)
        for _ in range(self._dice.randint(0, 8)):
            self._later(
                self._dice.choice(
                    (
                        self._add_client,
                        self._change_client,
                        self._remove_client,
                        self._change_mailing,
                        self._change_mailing,
                        self._act_on_mailing,
                        self._act_on_mailing,
                        self._remove_mailing,
                    )
                ),
                BUSY_S,
            )

    def _later(self, action: Callable[[], None], within_s: float, *, after_s: float = 0) -> None:
        def act() -> None:
            with suppress(
                CarillonError
            ):  # the API refused, as it may: the state or the time forbids it
                action()

        self._world.kernel.after(self._dice.uniform(after_s, within_s), act)

    def _add_client(self) -> None:
        self._phones += 1
        draft = ClientDraft(
            phone=f"7900{self._phones:07d}",
            tags=tuple(tag for tag in TAGS if self._dice.random() < 0.4),
            timezone=self._dice.choice(ZONES),
        )
        created = self._world.directory().create(draft, None)
        self._world.client_changed(None, created)

    def _change_client(self) -> None:
        clients = sorted(self._world.clients.by_id)
        if clients:
            old = self._world.clients.by_id[self._dice.choice(clients)]
            patch = ClientPatch(timezone=self._dice.choice(ZONES))
            self._world.client_changed(old, self._world.directory().change(old.id, patch, None))

    def _remove_client(self) -> None:
        clients = sorted(self._world.clients.by_id)
        if clients:
            old = self._world.clients.by_id[self._dice.choice(clients)]
            self._world.directory().remove(old.id, None)
            self._world.client_changed(old, None)

    def _add_mailing(self) -> None:
        now = self._world.kernel.now()
        starts_at = now + timedelta(seconds=self._dice.uniform(-60, 900))
        length_s = self._dice.choice((20, 120, 900, 7200, 40000))
        draft = MailingDraft(
            text="hello",
            starts_at=starts_at,
            ends_at=max(starts_at, now) + timedelta(seconds=length_s),
            filter=Filter(tags=("vip",) if self._dice.random() < 0.4 else ()),
            time_window=self._window(),
        )
        self._watch(self._world.desk().create(draft, None))

    def _window(self) -> TimeWindow | None:
        if self._dice.random() < 0.6:
            return None
        start = f"{self._dice.randrange(24):02d}:{self._dice.choice((0, 30)):02d}"
        end = f"{self._dice.randrange(24):02d}:15"
        return TimeWindow(start=start, end=end)

    def _change_mailing(self) -> None:
        mailings = sorted(self._world.mailings.by_id)
        if not mailings:
            return
        mailing = self._world.mailings.by_id[self._dice.choice(mailings)]
        now = self._world.kernel.now()
        patch = self._dice.choice(
            (
                MailingPatch(text="changed"),
                MailingPatch(ends_at=now + timedelta(seconds=self._dice.uniform(5, 9000))),
                MailingPatch(starts_at=now + timedelta(seconds=self._dice.uniform(-5, 300))),
                MailingPatch(time_window=self._window()),
            )
        )
        self._world.desk().change(mailing.id, patch, None)

    def _act_on_mailing(self) -> None:
        mailings = sorted(self._world.mailings.by_id)
        if mailings:
            self._act(self._dice.choice(mailings), self._dice.choice(list(Action)))

    def _watch(self, mailing: Mailing) -> None:
        """Act on a mailing from before its start until after its first retries."""
        starts_in_s = (mailing.starts_at - self._world.kernel.now()).total_seconds()
        for _ in range(self._dice.choice((0, 0, 1, 3))):
            self._later(
                partial(self._act, mailing.id, self._dice.choice((Action.PAUSE, *Action))),
                starts_in_s + 40,
                after_s=max(0, starts_in_s - 10),
            )

    def _act(self, mailing_id: str, action: Action) -> None:
        """Of the mailings that are paused, most are resumed sooner or later."""
        self._world.desk().act(mailing_id, action, None)
        if action is Action.PAUSE and self._dice.random() < 0.7:
            resume = partial(self._act, mailing_id, Action.RESUME)
            self._later(resume, self._dice.choice((1, 10, 600)))

    def _remove_mailing(self) -> None:
        mailings = sorted(self._world.mailings.by_id)
        if mailings:
            self._world.desk().remove(self._dice.choice(mailings), None)
