"""The two stand-ins for AWS that the real adapters are tested on: moto in the process, MiniStack
as a server. Both get their tables from the synthesized CDK template."""

import http.client
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from carillon.adapters import aws
from local.places import PROJECT_ROOT, Ports

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

START_MAX_S = 20
STOP_MAX_S = 10

_numbers = itertools.count()

Definitions = Mapping[str, Mapping[str, Any]]
"""By table, what CreateTable wants to know."""


def _check(params: Any, model: Any, **_: Any) -> None:
    found = ParamValidator().validate(params, model.input_shape)
    if found.has_errors():
        raise ParamValidationError(report=found.generate_report())


@dataclass(frozen=True)
class Cloud:
    """Clients of one stand-in, made as the functions make theirs."""

    definitions: Definitions
    dynamodb: "DynamoDBClient" = field(default_factory=lambda: aws.client("dynamodb"))
    sqs: "SQSClient" = field(default_factory=lambda: aws.client("sqs"))
    s3: "S3Client" = field(default_factory=lambda: aws.client("s3"))
    scheduler: "EventBridgeSchedulerClient" = field(default_factory=lambda: aws.client("scheduler"))
    ses: "SESV2Client" = field(default_factory=lambda: aws.client("sesv2"))

    def __post_init__(self) -> None:
        """Check what is asked of DynamoDB and SQS, which the functions' own clients do not."""
        for client in (self.dynamodb, self.sqs):
            client.meta.events.register("before-parameter-build.*.*", _check)

    def table(self, name: str) -> str:
        """A new, empty table like the template's `name`."""
        new = f"{name}-{next(_numbers)}"
        self.dynamodb.create_table(TableName=new, **self.definitions[name])
        return new

    def queue(self) -> str:
        """A new, empty standard queue's URL."""
        return self.sqs.create_queue(QueueName=f"queue-{next(_numbers)}")["QueueUrl"]

    def bucket(self) -> str:
        """A new, empty bucket's name."""
        name = f"bucket-{next(_numbers)}"
        self.s3.create_bucket(Bucket=name)
        return name

    def schedule_group(self) -> str:
        """A new, empty group of schedules."""
        name = f"group-{next(_numbers)}"
        self.scheduler.create_schedule_group(Name=name)
        return name


@contextmanager
def dummy_account(endpoint: str | None = None) -> Iterator[None]:
    """No variable or file of the caller leads a client made in here to a real account."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        if endpoint:
            patch.setenv("AWS_ENDPOINT_URL", endpoint)
        yield


@contextmanager
def running_ministack(folder: Path, **settings: str) -> Iterator[str]:
    """A MiniStack of our own on a free port, as it comes; its address."""
    port = Ports.free().emulator
    environment = {
        "PATH": os.defpath,
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    with _served(["-m", "ministack"], port, folder=folder, environment=environment) as address:
        yield address


@contextmanager
def running_emulator(folder: Path) -> Iterator[str]:
    """The same as our local stacks run it, with nothing deployed; its address."""
    ports = Ports.free()
    arguments = ["--port", str(ports.emulator), "--front-door-port", str(ports.front_door)]
    arguments += ["--api-id", "00000000", "--folder", str(folder)]
    with _served(
        ["-m", "local.emulator", *arguments],
        ports.emulator,
        folder=PROJECT_ROOT,
        environment={"PATH": os.defpath},
        log=folder / "emulator.log",
    ) as address:
        yield address


@contextmanager
def _served(
    command: list[str],
    port: int,
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path | None = None,
) -> Iterator[str]:
    with (log or folder / "ministack.log").open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, cwd=folder, stdout=lines, stderr=lines
        )
        try:
            _await_health(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(STOP_MAX_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_health(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_MAX_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"MiniStack ended with {process.returncode}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/_ministack/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(f"MiniStack did not start within {START_MAX_S} s")
