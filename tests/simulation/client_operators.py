"""What people do to the directory: clients come, change and go."""

from functools import partial

from carillon.models.client import ClientDraft, ClientPatch
from carillon.ports import Creation
from tests.simulation.asking import Asking
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

ARRIVALS = 6


class ClientOperators:
    """Acts on clients by the API's own use cases."""

    def __init__(self, world: World, asking: Asking) -> None:
        self._world = world
        self._dice = world.kernel.dice
        self._asking = asking
        self._phones = 0

    def add(self) -> None:
        """A new client, by the number that is next."""
        self._phones += 1
        phone = f"7{self._dice.choice((900, 901))}{self._phones:07d}"
        draft = ClientDraft(
            phone=phone,
            tags=tuple(tag for tag in TAGS if self._dice.random() < 0.4),
            timezone=self._dice.choice(ZONES),
        )
        self._asking.create(partial(self._create, draft, self._asking.key_for(phone)))

    def _create(self, draft: ClientDraft, key: Creation | None) -> None:
        self._world.functions.directory().create(draft, key)

    def arrivals(self) -> None:
        """One after the other, so that one of them comes just before the directory is read."""
        for number in range(ARRIVALS):
            self._asking.at(number * self._dice.uniform(0.1, 0.4), self.add)

    def change(self) -> None:
        """Some client moves, is labelled anew or gets another number."""
        client_id = self._some_client()
        patch = self._dice.choice(
            (
                ClientPatch(timezone=self._dice.choice(ZONES)),
                ClientPatch(tags=(self._dice.choice(TAGS),)),
                ClientPatch(phone=f"7902{self._dice.randrange(10**7):07d}"),
            )
        )
        self._world.functions.directory().change(client_id, patch, None)

    def remove(self) -> None:
        """Some client is deleted."""
        self._world.functions.directory().remove(self._some_client(), None)

    def look(self) -> None:
        """At a list: by a client's number, or by what many have in common."""
        dice, clients = self._dice, self._world.cloud.clients.by_id
        tag, code = dice.choice((None, *TAGS)), dice.choice((None, "900"))
        client = clients.get(self._some_client()) if dice.random() < 0.7 else None
        phone = dice.choice(("79990000000", client.phone)) if client else None
        cursor = dice.choice((None, None, "from elsewhere")) if phone else None
        self._world.functions.directory().page(
            phone=phone, operator_code=code, tag=tag, limit=10, cursor=cursor
        )

    def _some_client(self) -> str:
        return self._dice.choice(sorted(self._world.cloud.clients.by_id) or ["nobody"])
