"""An OpenID provider over HTTPS: the port `IdentityProvider`.

Where it does what stands in its configuration document (OpenID Connect Discovery 1.0), so that a
user pool of Cognito and any other provider are asked alike. What goes to and fro are secrets:
nothing of it is kept, logged or put into an error.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from carillon.errors import SignInUnavailable
from carillon.ports import Clock, ProviderAddresses, TokenAnswer

if TYPE_CHECKING:
    from carillon.adapters.provider_http import ProviderHttp

LIMIT_S = 7.0
"""For a whole call, however slowly its answer drips. Somebody waits in front of a page; a provider
that takes longer has trouble."""

LIFETIME = timedelta(hours=1)
"""The provider's addresses change about never."""

_PASSED_ON = (
    *("access_token", "id_token", "refresh_token", "token_type", "expires_in", "scope"),
    *("error", "error_description"),
)
"""What RFC 6749 and OpenID Connect put into an answer; whatever else is there stays there."""

_ANSWERS = frozenset({200, 400, 401, 403})
"""Tokens, or why there are none. Anything else is trouble of the provider's own."""


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
        self._ca_file = ca_file
        self._known: tuple[datetime, ProviderAddresses] | None = None

    def addresses(self) -> ProviderAddresses:
        """As last read, an hour ago at most; `SignInUnavailable`."""
        now = self._clock.now()
        if self._known is None or now - self._known[0] >= LIFETIME:
            status, document = self._http.ask(self._configuration_url)
            if status != 200 or document.get("issuer") != self._issuer:
                raise SignInUnavailable("the configuration document is not the issuer's")
            self._known = (now, self._addresses_in(document))
        return self._known[1]

    def exchange(self, form: Mapping[str, str]) -> TokenAnswer:
        """Ask for tokens; `SignInUnavailable` when there is neither a yes nor a no."""
        status, fields = self._http.ask(self.addresses().token_url, form)
        if status not in _ANSWERS:
            raise SignInUnavailable(f"the token endpoint answered {status}")
        return TokenAnswer(status, {name: fields[name] for name in _PASSED_ON if name in fields})

    @cached_property
    def _http(self) -> "ProviderHttp":
        """Imported and made when somebody signs in, which few instances of the API ever see: with
        the authorities that it trusts, it would be a tenth of each one's start."""
        from carillon.adapters.provider_http import ProviderHttp

        return ProviderHttp(limit_s=self._limit_s, ca_file=self._ca_file)

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
