"""A fake of `PaceTable`."""

from carillon.errors import LostRace
from carillon.models.pace import PaceState


class FakePace:
    """`state` is the one item."""

    def __init__(self) -> None:
        self.state: PaceState | None = None

    def read(self) -> PaceState | None:
        return self.state

    def replace(self, old: PaceState | None, new: PaceState) -> None:
        if self.state is not None and self.state.token == new.token:
            return
        if self.state != old:
            raise LostRace("the pace")
        self.state = new
