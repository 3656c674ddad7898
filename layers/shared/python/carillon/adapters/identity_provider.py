"""An OpenID provider over HTTPS: the port `IdentityProvider`.

Where it does what stands in its configuration document (OpenID Connect Discovery 1.0), so that a
user pool of Cognito and any other provider are asked alike. What goes to and fro are secrets:
nothing of it is kept, logged or put into an error.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from carillon.errors import SignInUnavailable
from carillon.ports import Clock, ProviderAddresses, TokenAnswer

TIMEOUT = urllib3.Timeout(connect=2, read=5)
"""Somebody waits in front of a page; a provider that takes longer has trouble."""

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

_JSON = {"Accept": "application/json"}
_FORM = {**_JSON, "Content-Type": "application/x-www-form-urlencoded"}


class OidcProvider:
    """The provider whose configuration document is at `configuration_url` and names `issuer`."""

    def __init__(
        self,
        configuration_url: str,
        *,
        issuer: str,
        clock: Clock,
        timeout: urllib3.Timeout = TIMEOUT,
        ca_file: str = DEFAULT_CA_BUNDLE_PATH,
    ) -> None:
        """Trust the authorities of `ca_file`."""
        self._configuration_url = configuration_url
        self._issuer = issuer
        self._clock = clock
        self._http = urllib3.PoolManager(ca_certs=ca_file, retries=False, timeout=timeout)
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
        try:
            answer = self._http.request(
                method,
                url,
                body=None if form is None else urlencode(form),
                headers=_JSON if form is None else _FORM,
                redirect=False,
                preload_content=False,
            )
            try:
                body = answer.read(ANSWER_BYTES_MAX + 1)
            finally:
                answer.close()
            parsed = json.loads(body) if len(body) <= ANSWER_BYTES_MAX else None
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            # Without the cause's own words, which may quote the address or the answer.
            raise SignInUnavailable(type(error).__name__) from None
        if not isinstance(parsed, dict):
            raise SignInUnavailable("the answer is no JSON object of a sensible size")
        return answer.status, parsed
