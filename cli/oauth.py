"""The token endpoint of OAuth 2.0 (RFC 6749), as this program uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from cli.errors import NotSignedIn, Unreachable

LIMIT_S = 30
EXPIRES_IN_S = 3600
"""Taken for an answer's lifetime where it does not say: RFC 6749 only recommends that it does."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What the endpoint gave."""

    access_token: str
    expires_in: float
    refresh_token: str | None


def ask(
    web: requests.Session,
    token_url: str,
    form: dict[str, str],
    *,
    secret: tuple[str, str] | None = None,
) -> Tokens:
    """Ask for tokens with this form, as the client with this id and secret if it has one.

    Raises:
        NotSignedIn: the endpoint refuses; its `error` is in the message, never what was sent.
        Unreachable: it did not answer, or with something else than OAuth.
    """
    try:
        answer = web.post(token_url, data=form, auth=secret, timeout=LIMIT_S)
    except requests.RequestException as error:
        raise Unreachable(f"{token_url} does not answer: {type(error).__name__}.") from error
    body = _body(answer)
    if answer.status_code in (400, 401, 403):
        raise NotSignedIn(
            f"{token_url} gives no token: {body.get('error', f'HTTP {answer.status_code}')}."
        )
    if not answer.ok or not isinstance(body.get("access_token"), str):
        raise Unreachable(f"{token_url} answers HTTP {answer.status_code} without a token.")
    return Tokens(
        access_token=body["access_token"],
        expires_in=float(body.get("expires_in") or EXPIRES_IN_S),
        refresh_token=body.get("refresh_token"),
    )


def _body(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
