"""The gateway's bearer token, from Secrets Manager."""

import json
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from carillon.errors import Unavailable
from carillon.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

LIFETIME = timedelta(minutes=5)
"""A changed secret is in use after this long: 300 reads a day and sender cost 0.15 cents."""
READ_AGAIN = timedelta(minutes=1)
"""The soonest that a refused token is read again: refusals come by the thousand."""
RETRY = timedelta(seconds=5)
"""How long a failed read is not repeated."""


class SecretToken:
    """Port `GatewayToken`; called, it gives the token. For many threads.

    The secret is the bare token or JSON with a `token`. While it cannot be read the last one stays
    in use; without any, `Unavailable`. Only one thread reads, and the others wait only for the
    first token. The client's own timeouts limit a read, so they should be short.
    """

    def __init__(self, client: "SecretsManagerClient", secret_arn: str, clock: Clock) -> None:
        self._client = client
        self._secret_arn = secret_arn
        self._clock = clock
        self._token: str | None = None
        self._read_at: datetime | None = None
        self._next_read_at: datetime | None = None
        self._reading = Lock()

    def __call__(self) -> str:
        """The token; `Unavailable` when there is none."""
        if self._is_due() and self._reading.acquire(blocking=self._token is None):
            try:
                if self._is_due():
                    self._read()
            finally:
                self._reading.release()
        if self._token is None:
            raise Unavailable("the gateway's token cannot be read")
        return self._token

    def refresh(self) -> None:
        """The gateway refused the token: have it read again, a minute after the last time."""
        if self._read_at is not None and self._next_read_at is not None:
            self._next_read_at = min(self._next_read_at, self._read_at + READ_AGAIN)

    def _is_due(self) -> bool:
        return self._next_read_at is None or self._clock.now() >= self._next_read_at

    def _read(self) -> None:
        now = self._clock.now()
        self._read_at = now
        try:
            secret = self._client.get_secret_value(SecretId=self._secret_arn)
        except (BotoCoreError, ClientError):
            token = None
        else:
            token = _token_in(secret.get("SecretString", ""))
        self._token = token or self._token
        self._next_read_at = now + (LIFETIME if token else RETRY)


def _token_in(secret: str) -> str | None:
    """The token in a secret's text, or None when there is none that a header could carry."""
    token: object = secret
    try:
        parsed = json.loads(secret)
    except ValueError:
        pass
    else:
        token = parsed.get("token") if isinstance(parsed, dict) else secret
    if not isinstance(token, str):
        return None
    token = token.strip()
    return token if token.isascii() and token.isprintable() and token else None
