"""Who signs people in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ProviderAddresses:
    """Where an identity provider does what; not each lets people sign out."""

    authorize_url: str
    token_url: str
    logout_url: str | None


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What a token endpoint said: tokens, or an error and why."""

    status: int
    fields: Mapping[str, object]


class IdentityProvider(Protocol):
    """Who signs people in and issues their tokens. `SignInUnavailable` when it does not answer."""

    def addresses(self) -> ProviderAddresses:
        """Where it does what."""
        ...

    def exchange(self, form: Mapping[str, str]) -> TokenAnswer:
        """Ask its token endpoint, with exactly these fields."""
        ...
