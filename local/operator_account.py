"""The local operator, and the tokens that programs get: what one has on AWS from an administrator.

The operator's password is made up once and kept beside the emulated account, for nobody else to
read. Tokens are asked for as any program asks for them, by client credentials.
"""

from __future__ import annotations

import json
import secrets
import string
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import requests
from botocore.exceptions import BotoCoreError, ClientError

from local import account
from local.errors import LocalError
from local.places import LOOPBACK, LocalPaths, Ports, is_taken

EMAIL = "operator@carillon.local"
PASSWORD_LENGTH = 16
SYMBOLS = "-_.+"
"""Symbols that Cognito counts, and that survive shells, URLs and people."""

NOT_RUNNING = "The local stack does not run, so nobody issues tokens: `make run`."
REQUEST_LIMIT_S = 30
RENEW_S = 3000.0
"""A token lasts for two hours and is asked for anew after this long, so that one just handed out
lasts for an hour at least."""


@dataclass(frozen=True)
class Credentials:
    """What a person types on the sign-in page."""

    email: str
    password: str

    @classmethod
    def kept_in(cls, path: Path) -> Credentials:
        """Those of the last start, or new ones, kept from now on."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            made_up = cls(EMAIL, make_up_password())
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(made_up)))
        return made_up


def make_up_password() -> str:
    """Long, and with a character of each class that the user pool asks for."""
    alphabet = string.ascii_letters + string.digits + SYMBOLS
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(PASSWORD_LENGTH))
        classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits, SYMBOLS)
        if all(set(password) & set(each) for each in classes):
            return password


def settle_operator(
    outputs: Mapping[str, str], *, kept_in: Path, endpoint: str
) -> Credentials | None:
    """See to it that the operator exists; None in a stack without a user pool."""
    if "UserPoolId" not in outputs:
        return None
    credentials, pool_id = Credentials.kept_in(kept_in), outputs["UserPoolId"]
    cognito = account.client("cognito-idp", endpoint)
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=credentials.email,
            UserAttributes=[
                {"Name": "email", "Value": credentials.email},
                {"Name": "email_verified", "Value": "true"},
            ],
            MessageAction="SUPPRESS",
        )
    cognito.admin_set_user_password(
        UserPoolId=pool_id,
        Username=credentials.email,
        Password=credentials.password,
        Permanent=True,
    )
    return credentials


def token_of_running(paths: LocalPaths) -> str:
    """A token of the stack that runs in this folder, whichever shell started it."""
    try:
        ports = Ports.load(paths.records / "ports.json")
        outputs = json.loads(paths.deployment.read_text())["outputs"]
    except (FileNotFoundError, ValueError):
        raise LocalError(NOT_RUNNING) from None
    if not is_taken(ports.emulator):
        raise LocalError(NOT_RUNNING)
    return Tokens(outputs, endpoint=f"http://{LOOPBACK}:{ports.emulator}")()


class Tokens:
    """Tokens of the stack's own machine client, by the stack's `outputs`."""

    def __init__(self, outputs: Mapping[str, str], *, endpoint: str) -> None:
        self._outputs = outputs
        self._endpoint = endpoint
        self._token = ""
        self._asked_at = 0.0

    def __call__(self) -> str:
        """A token with both scopes, good for an hour at least."""
        if not self._token or time.monotonic() > self._asked_at + RENEW_S:
            asked_at = time.monotonic()
            self._token = self._ask(*self._credentials)
            self._asked_at = asked_at
        return self._token

    def _ask(self, client_id: str, secret: str) -> str:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                f"{self._endpoint}/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(client_id, secret),
                timeout=REQUEST_LIMIT_S,
            )
        if not answer.ok:
            raise LocalError(f"no token: {answer.status_code} {answer.text[:200]}")
        return str(answer.json()["access_token"])

    @cached_property
    def _credentials(self) -> tuple[str, str]:
        if "MachineClientId" not in self._outputs:
            raise LocalError("This stack takes another provider's tokens: ask that for one.")
        try:
            client = account.client("cognito-idp", self._endpoint).describe_user_pool_client(
                UserPoolId=self._outputs["UserPoolId"], ClientId=self._outputs["MachineClientId"]
            )["UserPoolClient"]
        except (BotoCoreError, ClientError) as error:
            raise LocalError(f"no token: {error}") from error
        return client["ClientId"], client["ClientSecret"]
