"""Where and as whom the operator is signed in, kept between commands.

One file in the user's folder for settings, readable by its owner alone. A sign-in lasts as long as
its refresh token; what programs got for their credentials is kept there, too, because AWS charges
for each token.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeVar

from cli import safe_file


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A deployment that somebody signed in to, and where its AWS account is found."""

    url: str
    token_url: str
    client_id: str
    access_token: str
    expires_at: float
    refresh_token: str | None = None
    profile: str | None = None
    region: str | None = None
    stack: str | None = None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A token that a program got, until when it is good, in seconds since 1970."""

    token: str
    expires_at: float


class SignIns:
    """The kept ones; every write replaces the whole file."""

    def __init__(self, home: Path) -> None:
        self.path = home / "sign-ins.json"

    def current(self) -> SignIn | None:
        """The one that commands use which name no deployment."""
        url = safe_file.load(self.path).get("current")
        return self.of(url) if isinstance(url, str) else None

    def of(self, url: str) -> SignIn | None:
        """The one to this deployment."""
        kept = safe_file.load(self.path).get("sign_ins", {}).get(url)
        return _read(SignIn, kept)

    def keep(self, sign_in: SignIn, *, as_current: bool = False) -> None:
        """Remember it, in place of an earlier one to the same deployment."""
        content = safe_file.load(self.path)
        content.setdefault("sign_ins", {})[sign_in.url] = asdict(sign_in)
        if as_current:
            content["current"] = sign_in.url
        safe_file.save(self.path, content)

    def forget(self, url: str) -> None:
        """Drop the sign-in to this deployment and what programs got for it."""
        content = safe_file.load(self.path)
        content.get("sign_ins", {}).pop(url, None)
        if content.get("current") == url:
            del content["current"]
        content["issued"] = {
            key: kept
            for key, kept in content.get("issued", {}).items()
            if not key.startswith(f"{url} ")
        }
        safe_file.save(self.path, content)

    def issued(self, key: str) -> Issued | None:
        """What a program got under this key."""
        return _read(Issued, safe_file.load(self.path).get("issued", {}).get(key))

    def keep_issued(self, key: str, issued: Issued) -> None:
        """Remember it for the next command."""
        content = safe_file.load(self.path)
        content.setdefault("issued", {})[key] = asdict(issued)
        safe_file.save(self.path, content)


K = TypeVar("K", SignIn, Issued)


def _read(kind: type[K], kept: object) -> K | None:
    """None for what another version of this program may have left there."""
    if not isinstance(kept, dict):
        return None
    known = {each.name for each in fields(kind)}
    try:
        return kind(**{name: value for name, value in kept.items() if name in known})
    except TypeError:
        return None
