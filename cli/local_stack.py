"""The local stack of this clone, by the two files that `make run` keeps in its folder.

`processes/ports.json`: `{"front_door": 8000, "emulator": 4566, "gateway": 8001}`
`deployment.json`: `{"outputs": {...}}`, the outputs of the deployed stack.
Nothing else of the local tools is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from cli import safe_file
from cli.aws import LocalAws, speaking_to_aws
from cli.errors import CliError, Unreachable
from cli.sign_ins import Issued
from cli.tokens import ProgramsToken

NOT_RUNNING = "The local stack does not run."
START_IT = "Start it with `make run`, or sign in elsewhere: carillon login --url https://…"


@dataclass(frozen=True, kw_only=True)
class LocalStack:
    """Where it listens and what was deployed there."""

    home: Path
    front_door: int
    emulator: int
    outputs: Mapping[str, str]

    @property
    def url(self) -> str:
        """Of the API."""
        return f"http://127.0.0.1:{self.front_door}"

    @property
    def emulator_url(self) -> str:
        """Of the emulated account."""
        return f"http://127.0.0.1:{self.emulator}"

    def aws(self) -> LocalAws:
        """The emulated account."""
        return LocalAws(self.emulator_url, self.outputs)

    def tokens(
        self, *, web: Callable[[], requests.Session], now: Callable[[], datetime]
    ) -> ProgramsToken:
        """Tokens of the stack's own machine client, as programs get them; kept beside the stack."""
        kept_in = self.home / "cli-token.json"

        def load() -> Issued | None:
            try:
                return Issued(**safe_file.load(kept_in))
            except TypeError:
                return None

        def keep(issued: Issued) -> None:
            safe_file.save(kept_in, {"token": issued.token, "expires_at": issued.expires_at})

        return ProgramsToken(
            load=load,
            keep=keep,
            token_url=lambda: f"{self.emulator_url}/oauth2/token",
            credentials=self._credentials,
            web=web,
            now=now,
        )

    def _credentials(self) -> tuple[str, str]:
        if "MachineClientId" not in self.outputs:
            raise CliError(
                "This stack takes another provider's tokens.",
                "Ask that for one, and give it as CARILLON_TOKEN beside CARILLON_URL.",
            )
        with speaking_to_aws():
            client = self.aws().client("cognito-idp")
            found = client.describe_user_pool_client(
                UserPoolId=self.outputs["UserPoolId"], ClientId=self.outputs["MachineClientId"]
            )["UserPoolClient"]
        return found["ClientId"], found["ClientSecret"]


def find(home: Path) -> LocalStack:
    """The stack whose folder this is; `Unreachable` when none was ever started there."""
    ports = safe_file.load(home / "processes" / "ports.json")
    outputs = safe_file.load(home / "deployment.json").get("outputs")
    try:
        front_door, emulator = int(ports["front_door"]), int(ports["emulator"])
    except (KeyError, TypeError, ValueError):
        raise Unreachable(NOT_RUNNING, START_IT) from None
    if not isinstance(outputs, dict):
        raise Unreachable(NOT_RUNNING, START_IT)
    return LocalStack(home=home, front_door=front_door, emulator=emulator, outputs=outputs)
