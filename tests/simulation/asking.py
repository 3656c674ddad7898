"""When people act: at moments that matter, and again when AWS had trouble with what they asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from carillon.errors import CarillonError, Unavailable
from carillon.ports import Creation
from tests.simulation.world import World

API_TIMEOUT_S = 10.0
ASKED_AGAIN = 3


class Asking:
    """Requests to the API, each a process like all others, until `busy_s` from now on."""

    def __init__(self, world: World, busy_s: float) -> None:
        self.busy_s = busy_s
        self._world = world
        self._dice = world.kernel.dice
        self._until = world.kernel.now() + timedelta(seconds=busy_s)
        self._moments: list[datetime] = []

    def matters(self, *moments: datetime) -> None:
        """Something happens then anyway."""
        self._moments += moments

    def accident(self) -> datetime:
        """A moment at which something may befall the world: near one that matters, if any."""
        return self.near(self._dice.choice(self._moments)) if self._moments else self._until

    def at(self, in_s: float, doing: Callable[[], None]) -> None:
        """Do it in so many seconds."""
        self.when(self._world.kernel.now() + timedelta(seconds=in_s), doing)

    def when(self, moment: datetime, doing: Callable[[], None]) -> None:
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

    def create(self, creating: Callable[[], None]) -> None:
        """Do it now; some people click twice."""
        for _ in range(self._dice.choice((1, 1, 1, 2))):
            self.at(0, creating)

    def key_for(self, body: str) -> Creation | None:
        """Who asks again asks with the same key; some have none, or the same for everything."""
        key = self._dice.choice((*(body,) * 8, None, "my-key"))
        return None if key is None else Creation(key=key, digest=body)

    def near(self, moment: datetime) -> datetime:
        """Within seconds of it, mostly."""
        dice = self._dice
        off_s = dice.choice((dice.uniform(-2, 2), dice.uniform(-10, 40), dice.uniform(0, 400)))
        return moment + timedelta(seconds=off_s)
