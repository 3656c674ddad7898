"""A file with clients, uploaded as a browser does it, and what becomes of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from tests.e2e.operator import Operator

UPLOAD_LIMIT_S = 60


@dataclass(frozen=True)
class Imported:
    """An import at its end, and how long that took from the upload on."""

    view: Any
    took_s: float


def begin(operator: Operator) -> Any:
    """An import that awaits its file."""
    answer = operator.call("POST", "/imports")
    assert answer.status_code == 201, answer.text
    return answer.json()


def upload(view: Any, content: bytes) -> requests.Response:
    """Send the file where the import says, without a token."""
    way = view["upload"]
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            way["method"], way["url"], data=content, headers=way["headers"], timeout=UPLOAD_LIMIT_S
        )


def run(
    operator: Operator,
    content: bytes,
    *,
    limit_s: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> Imported:
    """Import a file and wait for the end; `meanwhile` is called at each look."""
    view = begin(operator)
    began = time.monotonic()
    sent = upload(view, content)
    assert sent.status_code == 200, sent.text
    while (seen := operator.get(f"/imports/{view['id']}"))["status"] not in ("finished", "failed"):
        assert time.monotonic() - began < limit_s, seen
        meanwhile()
        time.sleep(0.1)
    return Imported(seen, time.monotonic() - began)


def rejected(operator: Operator, view: Any) -> str:
    """All refused lines, page by page along the links."""
    path, text = f"/imports/{view['id']}/rejected", ""
    while True:
        page = operator.call("GET", path)
        assert page.status_code == 200, page.text
        text += page.content.decode()
        if "next" not in page.links:
            return text
        path = page.links["next"]["url"].removeprefix("/api/v1")
