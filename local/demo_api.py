"""Carillon's HTTP API as the demo and the chaos call it."""

from collections.abc import Callable, Iterator
from typing import Any

import requests

from local.demo_clients import MadeUpClient
from local.errors import LocalError

REQUEST_LIMIT_S = 30
"""An HTTP API on AWS gives up then, too."""
PAGE = 200
"""The most that the API gives at once."""


class Api:
    """Any answer that is not a success is a LocalError that quotes it.

    `token` gives one that is still valid, whenever it is asked.
    """

    def __init__(self, base_url: str, token: Callable[[], str]) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False
        self._token = token

    def get(self, path: str, **params: str | int) -> Any:
        return self._read(self._send("GET", path, params=params))

    def create(self, path: str, body: object) -> Any:
        return self._read(self._send("POST", path, json=body))

    def add_client(self, client: MadeUpClient) -> bool:
        """False when the number is known already."""
        answer = self._send("POST", "/clients", json=client.body())
        if answer.status_code == requests.codes.conflict:
            return False
        self._read(answer)
        return True

    def delete(self, path: str) -> None:
        """What is gone already is fine."""
        answer = self._send("DELETE", path)
        if answer.status_code != requests.codes.not_found:
            self._check(answer)

    def clients(self, **wanted: str) -> Iterator[Any]:
        return self.pages("/clients", **wanted)

    def pages(self, path: str, **wanted: str) -> Iterator[Any]:
        """A list's items, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=PAGE, **wanted, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        url = f"{self.base_url}/api/v1{path}"
        headers = {"Authorization": f"Bearer {self._token()}"}
        return self.session.request(
            method, url, headers=headers, timeout=REQUEST_LIMIT_S, **options
        )

    def _read(self, answer: requests.Response) -> Any:
        self._check(answer)
        return answer.json()

    def _check(self, answer: requests.Response) -> None:
        if not answer.ok:
            asked = f"{answer.request.method} {answer.request.path_url}"
            raise LocalError(f"{asked} answered {answer.status_code}: {answer.text[:500]}")
