"""Tells a running stand-in how to behave, and asks it what it saw."""

from types import TracebackType
from typing import Any, Self

import requests

from local.gateway.behaviour import Behaviour
from local.gateway.ledger import AcceptedMessage, CallRecord, Summary

TIMEOUT_S = 10
"""The stand-in is on the same machine, if perhaps a busy one."""


class Control:
    """The control of the stand-in at this root URL, such as `http://127.0.0.1:9009`."""

    def __init__(self, url: str) -> None:
        """Nothing is sent yet."""
        self._url = url.rstrip("/") + "/control"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        """Close it at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def behave(self, behaviour: Behaviour) -> None:
        """From the next call on."""
        self._ask("PUT", "/behaviour", data=behaviour.model_dump_json())

    def summary(self) -> Summary:
        """What happened so far, in numbers."""
        return Summary(**self._ask("GET", "/summary"))

    def calls(self, since: int = 0) -> list[CallRecord]:
        """All remembered calls from this number on."""
        found: list[CallRecord] = []
        while True:
            page = self._ask("GET", "/calls", params={"since": since})
            if not page["calls"]:
                return found
            found += [CallRecord(**call) for call in page["calls"]]
            since = page["next"]

    def accepted(self) -> dict[str, AcceptedMessage]:
        """The accepted messages by gateway id, in the order in which they were."""
        messages = [AcceptedMessage(**m) for m in self._ask("GET", "/accepted")["accepted"]]
        return {message.gateway_id: message for message in messages}

    def reset(self) -> None:
        """Forget everything and behave as at the start."""
        self._ask("POST", "/reset")

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._session.request(method, self._url + path, timeout=TIMEOUT_S, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None
