"""How an OpenID provider is asked: one call over HTTP under a deadline, answered with JSON.

What goes to and fro are secrets: nothing of it is kept, logged or put into an error.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

from requests import PreparedRequest
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from carillon.adapters.deadline import Call, Names, system_look_up
from carillon.adapters.deadline_http import DeadlineTransport
from carillon.errors import SignInUnavailable

CONNECTIONS = 2
IDLE_MAX_S = 4.0
"""People sign in seldom: a connection is kept for the configuration and the exchange after it."""

ANSWER_BYTES_MAX = 64 * 1024
"""Configuration documents have some 2 KB, an answer with three tokens 5 KB."""

_JSON = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "carillon"}
_FORM = {**_JSON, "Content-Type": "application/x-www-form-urlencoded"}


class ProviderHttp:
    """Asks within `limit_s`, over a connection that it keeps."""

    def __init__(self, *, limit_s: float, ca_file: str | None) -> None:
        """Trust the authorities of `ca_file`, certifi's by default."""
        self._limit_s = limit_s
        self._names = Names(system_look_up)
        self._transport = DeadlineTransport(connections=CONNECTIONS, ca_file=ca_file)

    def ask(
        self, method: str, url: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of the answer; `SignInUnavailable` for anything else."""
        call = Call(self._limit_s, names=self._names, idle_max_s=IDLE_MAX_S)
        request = PreparedRequest()
        try:
            request.prepare(
                method=method,
                url=url,
                headers=_JSON if form is None else _FORM,
                data=None if form is None else urlencode(form),
            )
            with call.in_charge():
                answer = self._transport.send(request, stream=True, timeout=call.left_s())
                with closing(answer):
                    body = answer.raw.read(ANSWER_BYTES_MAX + 1, decode_content=True)
            parsed = json.loads(body) if len(body) <= ANSWER_BYTES_MAX else None
        except (RequestException, HTTPError, OSError, ValueError, RecursionError) as error:
            # Without the cause's own words, which may quote the address or the answer.
            raise SignInUnavailable(type(error).__name__) from None
        if not isinstance(parsed, dict):
            raise SignInUnavailable("the answer is no JSON object of a sensible size")
        return answer.status_code, parsed
