"""An operator who uses nothing but the HTTP API, and a clock on the wall."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import requests

from local.stack import LocalStack

REQUEST_LIMIT_S = 30

T = TypeVar("T")


def until(read: Callable[[], T], done: Callable[[T], bool], *, limit_s: float) -> T:
    """Ask again and again until it is so; the last answer stands in the failure.

    The longer it takes, the less often: a question costs the stack that is waited for some 20 ms.
    """
    began = time.monotonic()
    while not done(value := read()):
        waited_s = time.monotonic() - began
        if waited_s > limit_s:
            raise AssertionError(f"not within {limit_s} s, last seen: {value}")
        time.sleep(min(max(0.1, waited_s / 20), 0.5))
    return value


def in_s(seconds: float) -> datetime:
    """A time so many seconds from now."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


def seconds(text: str) -> float:
    """A time of the API as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


class Operator:
    """Each operator's clients carry a tag of their own, so that journeys do not meet."""

    def __init__(
        self, stack: LocalStack, tag: str, *, token: Callable[[], str] | None = None
    ) -> None:
        self.tag = tag
        self._stack = stack
        self._token = token or stack.token
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def gateway_url(self) -> str:
        """Where the stand-in gateway is told how to behave."""
        return self._stack.gateway_url

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One request below `/api/v1`."""
        return self._session.request(
            method,
            f"{self._stack.api_url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._token()}", **headers},
            timeout=REQUEST_LIMIT_S,
        )

    def get(self, path: str) -> Any:
        """The answer's body; an error fails the test."""
        answer = self.call("GET", path)
        assert answer.ok, answer.text
        return answer.json()

    def add_clients(self, first: int, number: int, *, timezone: str = "Europe/Moscow") -> list[Any]:
        """So many clients with this operator's tag, from this number on."""
        return [
            self._created(
                "/clients",
                {"phone": f"7900{n:07d}", "tags": [self.tag], "timezone": timezone},
            )
            for n in range(first, first + number)
        ]

    def mail(self, *, starts_at: datetime | None = None, ends_at: datetime, **more: Any) -> Any:
        """A mailing to this operator's clients; by default it starts now."""
        body = {
            "text": "Hello",
            "starts_at": (starts_at or in_s(0)).isoformat(),
            "ends_at": ends_at.isoformat(),
            "filter": {"tags": [self.tag]},
            **more,
        }
        return self._created("/mailings", body)

    def mailing(self, mailing: Any) -> Any:
        """As it is now."""
        return self.get(f"/mailings/{mailing['id']}")

    def counts(self, mailing: Any) -> dict[str, int]:
        """Its messages by status, those that there are none of left out."""
        counts = self.get(f"/mailings/{mailing['id']}/stats")["counts"]
        return {status: number for status, number in counts.items() if number}

    def messages(self, mailing: Any) -> list[Any]:
        """All of them, page by page."""
        found: list[Any] = []
        cursor = ""
        while True:
            page = self.get(f"/mailings/{mailing['id']}/messages?limit=200{cursor}")
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def wait_for(self, mailing: Any, status: str, *, limit_s: float) -> Any:
        """Until the mailing has that status."""
        return until(
            lambda: self.mailing(mailing), lambda seen: seen["status"] == status, limit_s=limit_s
        )

    def wait_for_counts(self, mailing: Any, counts: dict[str, int]) -> None:
        """Until the counters say so: they follow the messages within seconds."""
        until(lambda: self.counts(mailing), lambda seen: seen == counts, limit_s=15)

    def _created(self, path: str, body: Any) -> Any:
        answer = self.call("POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()
