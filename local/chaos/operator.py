"""An operator who does not give up: while processes are killed, any request may fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import requests

from local.demo_api import Api
from local.errors import LocalError

INSIST_LIMIT_S = 60.0
"""A restart of the emulated AWS takes some ten seconds; longer, and something else is wrong."""
INSIST_EVERY_S = 0.2

T = TypeVar("T")


def insist(request: Callable[[], T]) -> T:
    """Ask until it is answered; the last failure when that takes too long."""
    deadline = time.monotonic() + INSIST_LIMIT_S
    while True:
        try:
            return request()
        except (LocalError, requests.RequestException):
            if time.monotonic() > deadline:
                raise
        time.sleep(INSIST_EVERY_S)


class Operator:
    """One operator with one mailing."""

    def __init__(self, api: Api, *, tag: str, ends_at: datetime) -> None:
        """Create the mailing, to all clients with this tag; it starts at once."""
        self._api = api
        draft = {
            "text": "Chaos",
            "starts_at": "2026-01-01T00:00:00Z",
            "ends_at": ends_at.isoformat(),
            "filter": {"tags": [tag]},
        }
        mailing = api.create("/mailings", draft)
        self.ends_at = datetime.fromisoformat(mailing["ends_at"]).timestamp()
        self._path = f"/mailings/{mailing['id']}"

    def mailing(self) -> Any:
        """As it is now."""
        return insist(lambda: self._api.get(self._path))

    def statistics(self) -> Any:
        """Its counters."""
        return insist(lambda: self._api.get(f"{self._path}/stats"))

    def messages(self) -> list[Any]:
        """All of them."""
        return insist(lambda: list(self._api.pages(f"{self._path}/messages")))

    def bring(self, action: str, *, to: str) -> bool:
        """Act until the mailing has that status; False when it is over and never will.

        An action that is refused may have been done before: its answer was lost.
        """

        def attempt() -> bool:
            try:
                self._api.create(f"{self._path}/{action}", None)
            except LocalError:
                status = self._api.get(self._path)["status"]
                if status == "finished":
                    return False
                if status != to:
                    raise
            return True

        return insist(attempt)

    def delete_client(self, client_id: str) -> None:
        """Returns when it is gone."""
        insist(lambda: self._api.delete(f"/clients/{client_id}"))
