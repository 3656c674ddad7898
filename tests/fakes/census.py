"""A fake of `CensusTaker`."""

from collections import Counter
from collections.abc import Collection

from carillon.models.census import Census, Trait
from carillon.models.client import Client
from carillon.models.mailing import Filter
from tests.fakes.clients import FakeClients


class FakeCensus:
    """Counts the clients of `clients`, at most `most` of them; `taken` says how often it was."""

    def __init__(self, clients: FakeClients) -> None:
        self._clients = clients
        self.most: int | None = None
        self.taken = 0

    def count(
        self,
        chosen: Filter,
        *,
        by: Collection[Trait],
        budget_s: float,  # noqa: ARG002 - a fake takes no time
    ) -> Census:
        self.taken += 1
        everybody = list(self._clients.by_id.values())
        found = [each for each in everybody[: self.most] if chosen.matches(each)]
        return Census(
            clients=len(found),
            by={trait: Counter(_values(found, trait)) for trait in by},
            exact=self.most is None or len(everybody) <= self.most,
        )


def _values(clients: Collection[Client], trait: Trait) -> list[str]:
    if trait == "tags":
        return [tag for each in clients for tag in each.tags]
    return [getattr(each, trait) for each in clients]
