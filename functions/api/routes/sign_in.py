"""Signing in, for pages of our own origin: they hold no secret, and talk to no other origin.

People sign in at the identity provider, by authorization code with PKCE (RFC 7636). It sends them
back with a code, which only who began can exchange for tokens. That exchange goes through here, so
that the pages' content policy can forbid every other address. Nothing of it is kept or logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from carillon.ports import IdentityProvider
from functions.api import views
from functions.api.answers import JSON, found
from functions.api.endpoint import endpoint
from functions.api.headers import NO_STORE
from functions.api.incoming import TOKEN_PATH
from functions.api.scopes import SCOPES

FIELDS_MAX = 20
"""A token request has five fields; some clients add a few that nobody needs."""

_GRANTS: Mapping[str, tuple[str, ...]] = {
    "authorization_code": ("code", "code_verifier", "redirect_uri"),
    "refresh_token": ("refresh_token",),
}
"""What may be exchanged, and what that takes. PKCE is not a choice. Client credentials have a
secret, which is the provider's business and must not come this way."""

_TAG = "Service"


@dataclass(frozen=True, slots=True)
class Console:
    """The public client that our pages are at the provider.

    Without `client_id` nobody can sign in on a page, and tokens come from elsewhere. `audience` is
    what some providers want to be told before they issue tokens for an API.
    """

    issuer: str
    client_id: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """Requests of a page on which somebody signs in."""

    provider: IdentityProvider
    console: Console
    resolver: APIGatewayHttpResolver

    @endpoint(
        "GET",
        "/auth/config",
        operation_id="getSignIn",
        tag=_TAG,
        answer="Where tokens come from",
    )
    def config(self) -> Response[views.SignIn]:
        """Read how to sign in.

        People are sent to `authorize_url` as the public client `client_id`, by authorization code
        with PKCE; a page of this origin exchanges the code at `/auth/token`. Programs get their
        tokens from `token_url` themselves, with credentials of their own.
        """
        addresses = self.provider.addresses()
        return found(
            views.SignIn(
                issuer=self.console.issuer,
                authorize_url=self._authorize_url(addresses.authorize_url, {}),
                token_url=addresses.token_url,
                logout_url=addresses.logout_url,
                client_id=self.console.client_id,
                scopes=list(SCOPES),
            )
        )

    @endpoint(
        "GET",
        "/auth/authorize",
        operation_id="authorize",
        tag=_TAG,
        answer="To the provider's page",
        documented=False,
    )
    def authorize(self) -> Response[None]:
        """Send a browser to the provider, with what it asks for."""
        if self.console.client_id is None:
            raise NotFoundError
        asked = dict(self.resolver.current_event.query_string_parameters)
        location = self._authorize_url(self.provider.addresses().authorize_url, asked)
        return Response(302, headers={**NO_STORE, "Location": location})

    @endpoint(
        "POST",
        TOKEN_PATH,
        operation_id="exchangeToken",
        tag=_TAG,
        answer="Tokens",
        documented=False,
    )
    def exchange(self) -> Response[Any]:
        """Exchange a code or a refresh token for tokens, as RFC 6749 describes it."""
        client_id = self.console.client_id
        if client_id is None:
            raise NotFoundError
        form = _form(self.resolver.current_event.body or "")
        grant = form.get("grant_type", "")
        if grant not in _GRANTS:
            return _refused("unsupported_grant_type")
        if form.get("client_id", client_id) != client_id:
            return _refused("invalid_client")
        if any(not form.get(name) for name in _GRANTS[grant]):
            return _refused("invalid_request")
        told = {name: form[name] for name in _GRANTS[grant]}
        answer = self.provider.exchange({"grant_type": grant, "client_id": client_id, **told})
        return _oauth(answer.status, answer.fields)

    def _authorize_url(self, url: str, asked: Mapping[str, str]) -> str:
        audience = {"audience": self.console.audience} if self.console.audience else {}
        query = urlencode({**asked, **audience})
        return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _form(body: str) -> dict[str, str]:
    """The fields; none at all when one comes twice or they are too many."""
    try:
        fields = parse_qsl(body, strict_parsing=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return {}
    form = dict(fields)
    return form if len(form) == len(fields) else {}


def _refused(error: str) -> Response[Any]:
    return _oauth(HTTPStatus.BAD_REQUEST, {"error": error})


def _oauth(status: int, fields: Mapping[str, object]) -> Response[Any]:
    return Response(status, JSON, dict(fields), NO_STORE)
