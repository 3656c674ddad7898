"""One local stack: the emulated AWS, the stand-in gateway, and Carillon deployed between them.

`make run` holds one for a person; a test holds its own beside it:

    with LocalStack(paths=LocalPaths(folder), ports=Ports.free()) as stack:
        requests.get(f"{stack.api_url}/health", timeout=5)
"""

from __future__ import annotations

import os
import sys
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from local import account, cdk, outbox
from local.context import API_ID, DIGEST_SENDER, Gateway, local_context
from local.errors import LocalError, PortTaken
from local.front_door import prefix
from local.operator_account import Credentials, Tokens, settle_operator
from local.ownership import Ownership
from local.places import LOOPBACK, LocalPaths, Ports, is_taken, open_door
from local.processes import Child, wait_until
from local.progress import Progress, Update

EMULATOR_START_LIMIT_S = 30.0
GATEWAY_START_LIMIT_S = 15.0
# The first request also starts the function.
HEALTH_LIMIT_S = 60.0

# Those that no request of the API starts.
WARMED_UP = ("Planner", "Fanout", "Sender", "Stats", "Importer")


class LocalStack:
    """Starts and stops the processes of one stack, in order, and deploys into it.

    `context`: settings of `infra.environment` that shall differ from what local stacks have;
    `listen`: an address beside loopback at which to be reached."""

    def __init__(
        self,
        *,
        paths: LocalPaths | None = None,
        ports: Ports | None = None,
        gateway: Gateway | None = None,
        context: Mapping[str, str] | None = None,
        speed_patches: bool = True,
        listen: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.paths = paths or LocalPaths()
        self.ports = ports or Ports()
        self.outputs: dict[str, str] = {}
        self.operator: Credentials | None = None
        self._gateway = gateway or Gateway()
        self._context = dict(context or {})
        self._speed_patches = speed_patches
        self._listen = listen
        self._progress = progress or Progress.silent()
        self._children: dict[str, Child] = {}
        self._ownership = Ownership(self.paths)

    @property
    def browser_url(self) -> str:
        """The API as a person opens it, and as the sign-in page leads back to it."""
        return f"http://localhost:{self.ports.front_door}"

    @property
    def api_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.front_door}"

    @property
    def emulator_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.emulator}"

    @property
    def gateway_url(self) -> str:
        """The stand-in gateway itself: its control lives beside the contract's `/v1`."""
        return f"http://{LOOPBACK}:{self.ports.gateway}"

    @cached_property
    def token(self) -> Tokens:
        """Called, it gives a token with both scopes."""
        return Tokens(self.outputs, endpoint=self.emulator_url)

    def client(self, service: str) -> Any:
        """A boto3 client of the emulated account."""
        return account.client(service, self.emulator_url)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up; returns when the deployed API answers that it is well."""
        self._ownership.take(self.ports)
        self._check_ports()
        self._put_logs_aside()
        open_door(self.paths.emulator).unlink(missing_ok=True)
        with self._progress.step("Starting the emulated AWS"):
            self._start_emulator()
        if self._gateway.url is None:
            with self._progress.step("Starting the stand-in gateway"):
                self._start_gateway()
        with self._progress.step("Deploying with CDK") as update:
            self.outputs = self._deploy(update)
            self._set_gateway_token()
            outbox.verify(DIGEST_SENDER, self.client("sesv2"))
            self.operator = settle_operator(
                self.outputs, kept_in=self.paths.operator, endpoint=self.emulator_url
            )
        with self._progress.step("Starting the functions"):
            self._wait_for_health()
            self._warm_up()
        open_door(self.paths.emulator).touch()

    def stop(self) -> None:
        """End every process with its state saved; harmless when nothing runs."""
        if self._children:
            with suppress(OSError):  # the terminal may be gone already, which is why we stop
                self._progress.say("Stopping, with everything saved …")
        for name in ("gateway", "emulator"):
            if child := self._children.pop(name, None):
                child.stop()
        self._ownership.release()

    def restart(self, *, crash: bool = False) -> None:
        """Stop and start the emulated AWS over its state; with `crash` by killing it."""
        emulator = self._children.pop("emulator")
        if crash:
            emulator.kill_with_children()
        else:
            emulator.stop()
        self._start_emulator()
        self._wait_for_health()
        self._warm_up()

    def fallen(self) -> LocalError | None:
        """The reason when one of the processes ended without being asked to."""
        for child in self._children.values():
            if child.has_ended():
                return child.failure("ended by itself")
        return None

    def _put_logs_aside(self) -> None:
        """Each start begins new logs; those of the start before stay readable."""
        before = self.paths.logs / "previous"
        before.mkdir(parents=True, exist_ok=True)
        for log in self.paths.logs.glob("*.log"):
            log.replace(before / log.name)

    def _check_ports(self) -> None:
        for variable, port in self.ports.named().items():
            unused = variable == "GATEWAY_PORT" and self._gateway.url is not None
            if is_taken(port) and not unused:
                raise PortTaken(port, variable)

    def _start_emulator(self) -> None:
        command = [
            "--port",
            str(self.ports.emulator),
            "--front-door-port",
            str(self.ports.front_door),
            "--api-id",
            API_ID,
            "--folder",
            str(self.paths.emulator),
        ]
        if not self._speed_patches:
            command.append("--no-speed-patches")
        command += ["--listen", self._listen] if self._listen else []
        self._start_child(
            "emulator", command, port=self.ports.emulator, limit_s=EMULATOR_START_LIMIT_S
        )

    def _start_gateway(self) -> None:
        self._start_child(
            "gateway",
            ["--port", str(self.ports.gateway)],
            port=self.ports.gateway,
            limit_s=GATEWAY_START_LIMIT_S,
        )

    def _start_child(self, name: str, options: list[str], *, port: int, limit_s: float) -> None:
        child = self._children[name] = Child(
            name,
            [sys.executable, "-m", f"local.{name}", *options],
            log=self.paths.log(name),
            record=self.paths.records / f"{name}.json",
            environment={
                key: value for key, value in os.environ.items() if not key.startswith("AWS_")
            },
        )
        wait_until(lambda: is_taken(port) or child.has_ended(), limit_s=limit_s)
        if child.has_ended() or not is_taken(port):
            raise child.failure("did not start")

    def _deploy(self, update: Update) -> dict[str, str]:
        gateway_url = self._gateway.url or f"{self.gateway_url}/v1"
        context = local_context(
            gateway_url=gateway_url,
            addresses=(self.browser_url, self.api_url),
            emulator_url=self.emulator_url,
            given=self._context,
        )
        deployer = cdk.Cdk(endpoint=self.emulator_url, paths=self.paths)
        return deployer.deploy(
            context, on_progress=lambda done, total: update(f"{done} of {total} resources")
        )

    def _set_gateway_token(self) -> None:
        secrets = self.client("secretsmanager")
        secret = self.outputs["GatewaySecretArn"]
        if secrets.get_secret_value(SecretId=secret)["SecretString"] != self._gateway.token:
            secrets.put_secret_value(SecretId=secret, SecretString=self._gateway.token)

    def _wait_for_health(self) -> None:
        if not wait_until(self._is_healthy, limit_s=HEALTH_LIMIT_S):
            raise self._children["emulator"].failure("does not serve a healthy API")

    def _warm_up(self) -> None:
        """Start each function once, so that the first mailing or import does not wait for them."""
        functions = self.client("lambda")

        def start(name: str) -> None:
            function = self.outputs[f"{name}Function"]
            functions.invoke(FunctionName=function, Payload=b'{"Records": []}')

        with ThreadPoolExecutor() as pool:
            list(pool.map(start, WARMED_UP))

    def _is_healthy(self) -> bool:
        health = f"{self.emulator_url}{prefix(API_ID)}/health"
        try:
            with urllib.request.urlopen(health, timeout=30) as answer:
                return bool(answer.status == 200)
        except OSError:  # not yet connected, or a status that is not a success
            return False
