"""Where a command's bearer token comes from. Each source is called; `anew` when one was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import requests

from cli import oauth
from cli.errors import NotSignedIn
from cli.sign_ins import Issued, SignIn, SignIns

SPARE_S = 60.0
"""A token that ends within this is renewed: a command's calls should all fit."""

SIGN_IN_AGAIN = "Sign in again: carillon login --url {url}"


class TokenSource(Protocol):
    """Gives a token for the deployment's API."""

    def __call__(self, *, anew: bool = False) -> str:
        """A token; with `anew` not the one that was given before. `NotSignedIn` without one."""
        ...


@dataclass(frozen=True)
class GivenToken:
    """The one in CARILLON_TOKEN; nobody can renew it."""

    token: str

    def __call__(self, *, anew: bool = False) -> str:
        """Always the same."""
        if anew:
            raise NotSignedIn(
                "The deployment refuses the token in CARILLON_TOKEN.",
                "It may have ended, or be another deployment's.",
            )
        return self.token


@dataclass(frozen=True, kw_only=True)
class PersonsToken:
    """Of who signed in with `carillon login`, renewed without a word as long as that lasts."""

    sign_ins: SignIns
    url: str
    web: Callable[[], requests.Session]
    now: Callable[[], datetime]

    def __call__(self, *, anew: bool = False) -> str:
        """The kept one while it is good, or a new one for the refresh token."""
        kept = self.sign_ins.of(self.url)
        if kept is None:
            raise NotSignedIn(
                f"You are not signed in to {self.url}.",
                f"Sign in: carillon login --url {self.url}",
            )
        now_s = self.now().timestamp()
        if not anew and now_s < kept.expires_at - SPARE_S:
            return kept.access_token
        return self._renew(kept, now_s)

    def _renew(self, kept: SignIn, now_s: float) -> str:
        again = SIGN_IN_AGAIN.format(url=self.url)
        if kept.refresh_token is None:
            raise NotSignedIn("Your sign-in has ended.", again)
        form = {
            "grant_type": "refresh_token",
            "client_id": kept.client_id,
            "refresh_token": kept.refresh_token,
        }
        try:
            with self.web() as web:
                tokens = oauth.ask(web, kept.token_url, form)
        except NotSignedIn as error:
            raise NotSignedIn("Your sign-in has ended.", again) from error
        renewed = replace(
            kept,
            access_token=tokens.access_token,
            expires_at=now_s + tokens.expires_in,
            refresh_token=tokens.refresh_token or kept.refresh_token,
        )
        self.sign_ins.keep(renewed)
        return renewed.access_token


@dataclass(frozen=True, kw_only=True)
class ProgramsToken:
    """For credentials of a program: `client_credentials`, kept for as long as each token lasts."""

    load: Callable[[], Issued | None]
    keep: Callable[[Issued], None]
    token_url: Callable[[], str]
    credentials: Callable[[], tuple[str, str]]
    web: Callable[[], requests.Session]
    now: Callable[[], datetime]

    def __call__(self, *, anew: bool = False) -> str:
        """The kept one while it is good, or a new one."""
        kept, now_s = self.load(), self.now().timestamp()
        if kept is not None and not anew and now_s < kept.expires_at - SPARE_S:
            return kept.token
        with self.web() as web:
            form = {"grant_type": "client_credentials"}
            tokens = oauth.ask(web, self.token_url(), form, secret=self.credentials())
        self.keep(Issued(token=tokens.access_token, expires_at=now_s + tokens.expires_in))
        return tokens.access_token
