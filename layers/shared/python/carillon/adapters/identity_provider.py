"""An OpenID provider over HTTPS: the port `IdentityProvider`.

Where it does what stands in its configuration document (OpenID Connect Discovery 1.0), so that a
user pool of Cognito and any other provider are asked alike. What goes to and fro are secrets:
nothing of it is kept, logged or put into an error.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from requests import PreparedRequest
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from carillon.adapters.deadline import Call, Names, system_look_up
from carillon.adapters.deadline_http import DeadlineTransport
from carillon.errors import SignInUnavailable
from carillon.ports import Clock, ProviderAddresses, TokenAnswer

LIMIT_S = 7.0
"""For a whole call, however slowly its answer drips. Somebody waits in front of a page; a provider
that takes longer has trouble."""

CONNECTIONS = 2
IDLE_MAX_S = 4.0
"""People sign in seldom: a connection is kept for the configuration and the exchange after it."""

ANSWER_BYTES_MAX = 64 * 1024
"""Configuration documents have some 2 KB, an answer with three tokens 5 KB."""

LIFETIME = timedelta(hours=1)
"""The provider's addresses change about never."""

_PASSED_ON = (
    *("access_token", "id_token", "refresh_token", "token_type", "expires_in", "scope"),
    *("error", "error_description"),
)
"""What RFC 6749 and OpenID Connect put into an answer; whatever else is there stays there."""

_ANSWERS = frozenset({200, 400, 401, 403})
"""Tokens, or why there are none. Anything else is trouble of the provider's own."""

_JSON = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "carillon"}
_FORM = {**_JSON, "Content-Type": "application/x-www-form-urlencoded"}


class OidcProvider:
    """The provider whose configuration document is at `configuration_url` and names `issuer`."""

    def __init__(
        self,
        configuration_url: str,
        *,
        issuer: str,
        clock: Clock,
        limit_s: float = LIMIT_S,
        ca_file: str | None = None,
    ) -> None:
        """Trust the authorities of `ca_file`, certifi's by default."""
        self._configuration_url = configuration_url
        self._issuer = issuer
        self._clock = clock
        self._limit_s = limit_s
        self._names = Names(system_look_up)
        self._transport = DeadlineTransport(connections=CONNECTIONS, ca_file=ca_file)
        self._known: tuple[datetime, ProviderAddresses] | None = None

    def addresses(self) -> ProviderAddresses:
        """As last read, an hour ago at most; `SignInUnavailable`."""
        now = self._clock.now()
        if self._known is None or now - self._known[0] >= LIFETIME:
            status, document = self._ask("GET", self._configuration_url)
            if status != 200 or document.get("issuer") != self._issuer:
                raise SignInUnavailable("the configuration document is not the issuer's")
            self._known = (now, self._addresses_in(document))
        return self._known[1]

    def exchange(self, form: Mapping[str, str]) -> TokenAnswer:
        """Ask for tokens; `SignInUnavailable` when there is neither a yes nor a no."""
        status, fields = self._ask("POST", self.addresses().token_url, form)
        if status not in _ANSWERS:
            raise SignInUnavailable(f"the token endpoint answered {status}")
        return TokenAnswer(status, {name: fields[name] for name in _PASSED_ON if name in fields})

    def _addresses_in(self, document: Mapping[str, Any]) -> ProviderAddresses:
        logout = document.get("end_session_endpoint")
        return ProviderAddresses(
            authorize_url=self._trusted(document.get("authorization_endpoint")),
            token_url=self._trusted(document.get("token_endpoint")),
            logout_url=None if logout is None else self._trusted(logout),
        )

    def _trusted(self, url: object) -> str:
        """An address that is not less secure than the one that named it."""
        schemes = ("https", urlsplit(self._configuration_url).scheme)
        if not isinstance(url, str) or urlsplit(url).scheme not in schemes:
            raise SignInUnavailable("the configuration document lacks an address")
        return url

    def _ask(
        self, method: str, url: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
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
