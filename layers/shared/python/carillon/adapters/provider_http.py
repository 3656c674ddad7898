"""How an OpenID provider is asked: one call over HTTP under a deadline, answered with JSON.

What goes to and fro are secrets: nothing of it is kept, logged or put into an error.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from carillon.adapters.curl_slot import Request
from carillon.adapters.transfers import Transfers
from carillon.errors import SignInUnavailable
from carillon.models.gateway import NoReply

CONNECTIONS = 2

_JSON = ("Accept: application/json", "User-Agent: carillon")
_FORM = (*_JSON, "Content-Type: application/x-www-form-urlencoded")


class ProviderHttp:
    """Asks within `limit_s`, over a connection that it keeps."""

    def __init__(self, *, limit_s: float, ca_file: str | None) -> None:
        """Trust the authorities of `ca_file`, certifi's by default."""
        self._limit_s = limit_s
        self._transfers = Transfers(at_once=CONNECTIONS, ca_file=ca_file)

    def ask(self, url: str, form: Mapping[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """POST the form, or GET without one.

        The status and the JSON object of the answer; `SignInUnavailable` for anything else.
        """
        request = Request(
            url=url,
            headers=_JSON if form is None else _FORM,
            body=None if form is None else urlencode(form).encode(),
            within_s=self._limit_s,
        )
        ended = self._transfers.submit(lambda: request).result()
        if isinstance(ended, NoReply):
            raise SignInUnavailable(ended.cause)
        try:
            parsed = json.loads(ended.body)
        except (ValueError, RecursionError) as error:
            # Without the cause, which quotes the answer.
            raise SignInUnavailable(type(error).__name__) from None
        if not isinstance(parsed, dict):
            raise SignInUnavailable("the answer is no JSON object")
        return ended.status, parsed
