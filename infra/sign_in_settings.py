"""The settings of sign-in, as part of a deployment's environment."""

import re
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
_DOMAIN_PREFIX: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_RESERVED: Final = ("aws", "amazon", "cognito")
NO_PREFIX: Final = (
    "an address to sign in at begins with small letters, digits and inner dashes, without the words"
    f" {', '.join(_RESERVED)}"
)

ORIGIN: Final = re.compile(r"https?://[\w.-]+(:\d+)?", re.ASCII)


class SignInSettings(BaseModel):
    """Who issues the tokens that the API accepts, and where people are sent to and fro."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    auth_domain_prefix: Annotated[str, Field(max_length=63)] | None = None
    """First part of the address where people sign in, unique in the region; the stack's name and
    the account's number if not given."""

    page_origins: tuple[str, ...] = ()
    """Addresses under which browsers see the API besides API Gateway's own, separated by commas,
    such as `https://mailings.example.com`. Whoever signs in is sent back only there."""

    mfa_required: bool = False
    """Demand a second factor of each operator, who sets an authenticator app up when signing in for
    the first time."""

    oidc_issuer: str | None = None
    """Another OpenID provider than a user pool of this stack, by the `iss` of its tokens."""

    oidc_audience: Annotated[str, Field(min_length=1)] | None = None
    """The `aud` of that provider's tokens for this API."""

    oidc_client_id: Annotated[str, Field(min_length=1)] | None = None
    """Our pages' public client at that provider; without one nobody can sign in on them."""

    oidc_plain_http: bool = False
    """Permit http for `oidc_issuer`, `cognito_url` and `page_origins`: codes and tokens can then be
    read on the way."""

    cognito_url: str | None = None
    """Where the user pool's documents are read, if not at AWS's own address."""

    @field_validator("auth_domain_prefix")
    @classmethod
    def _is_a_domain_prefix(cls, prefix: str | None) -> str | None:
        if prefix is not None and not is_domain_prefix(prefix):
            raise ValueError(NO_PREFIX)
        return prefix

    @field_validator("page_origins", mode="before")
    @classmethod
    def _are_separated_by_commas(cls, origins: object) -> object:
        return tuple(origins.split(",")) if isinstance(origins, str) else origins

    @field_validator("page_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(ORIGIN.fullmatch, origins)):
            raise ValueError("must be origins, such as https://mailings.example.com")
        return origins

    @field_validator("oidc_issuer", "cognito_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None:
            check_address(url)
        return url  # to the letter: a token's `iss` is compared with it

    @model_validator(mode="after")
    def _make_one_way_to_sign_in(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("oidc_issuer and oidc_audience belong together: give both or neither")
        if self.oidc_issuer is None and self.oidc_client_id is not None:
            raise ValueError("oidc_client_id is a client of oidc_issuer: give that, too")
        of_pool = self.auth_domain_prefix or self.cognito_url or self.mfa_required
        if self.oidc_issuer is not None and of_pool:
            raise ValueError(
                "with an oidc_issuer there is no user pool: leave out auth_domain_prefix,"
                " mfa_required and cognito_url"
            )
        return self

    @model_validator(mode="after")
    def _stay_secret_on_the_way(self) -> Self:
        addresses = (self.oidc_issuer or "", self.cognito_url or "", *self.page_origins)
        if not self.oidc_plain_http and any(each.startswith("http:") for each in addresses):
            raise ValueError(
                "oidc_issuer, cognito_url or page_origins is plain http: codes and tokens could be"
                " read on the way; use https, or say oidc_plain_http=true"
            )
        return self


def is_domain_prefix(text: str) -> bool:
    """Whether Cognito takes this for the first part of a managed login's address."""
    return bool(_DOMAIN_PREFIX.fullmatch(text)) and not any(word in text for word in _RESERVED)


def check_address(url: str) -> None:
    """`ValueError` unless it is a plain address on the web, to which a path may be added."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL with a host")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must have no query, fragment or user name")
