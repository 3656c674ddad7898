"""The deployment's AWS account, for what the public API does not tell: logs, dead letters, health.

Everything is found by the stack's outputs. Locally they stand in the local stack's files and the
account is the emulated one: fixed keys, and an endpoint on this machine or none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

from cli.errors import CliError, Misused, NotFound, NotSignedIn, Unreachable

STACK = "Carillon"
"""The stack's name where no setting gives another."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOCAL_REGION = "us-east-1"
LOCAL_KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
"""The emulated account's; they open nothing else."""

_TRIES = 4
_CONNECT_LIMIT_S = 5
_READ_LIMIT_S = 30


class Aws(Protocol):
    """An account with one Carillon in it."""

    @property
    def outputs(self) -> Mapping[str, str]:
        """The stack's outputs; `CliError` when they cannot be read."""
        ...

    @property
    def place(self) -> str:
        """Where that is, for people."""
        ...

    @property
    def stack(self) -> str:
        """The stack's name."""
        ...

    def client(self, service: str) -> Any:
        """A boto3 client."""
        ...


class LocalAws:
    """The emulated account of a local stack."""

    def __init__(self, endpoint: str, outputs: Mapping[str, str]) -> None:
        refuse_remote(endpoint)
        self._endpoint = endpoint
        self.outputs = outputs
        self.place = "the local stack"
        self.stack = STACK
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        """It reads no profile, no variable and no proxy that may speak of a real account."""
        import boto3
        import botocore.session
        from botocore.config import Config

        nowhere = {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
        session: Any = boto3.Session(
            botocore_session=botocore.session.Session(session_vars=nowhere),
            region_name=LOCAL_REGION,
            **LOCAL_KEYS,
        )
        config = Config(
            proxies={},
            connect_timeout=_CONNECT_LIMIT_S,
            read_timeout=_READ_LIMIT_S,
            retries={"mode": "standard", "max_attempts": _TRIES},
        )
        with speaking_to_aws():
            return session.client(service, endpoint_url=self._endpoint, config=config)


class RemoteAws:
    """An account in AWS, by the operator's own credentials."""

    def __init__(self, *, profile: str | None, region: str | None, stack: str | None) -> None:
        self._profile = profile
        self._region = region
        self.stack = stack or STACK
        self.client = cache(self._client)

    @property
    def place(self) -> str:
        """The stack's name, and whose credentials are used."""
        return f"the stack {self.stack}" + (f" of profile {self._profile}" * bool(self._profile))

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """As CloudFormation tells them."""
        with speaking_to_aws():
            stacks = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}

    def _client(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        region = self._region or os.environ.get("AWS_REGION")
        config = Config(
            connect_timeout=_CONNECT_LIMIT_S,
            read_timeout=_READ_LIMIT_S,
            retries={"mode": "standard", "max_attempts": _TRIES},
        )
        with speaking_to_aws():
            session: Any = boto3.Session(profile_name=self._profile, region_name=region)
            return session.client(service, config=config)


class NoAws:
    """A deployment whose account nobody named."""

    place = "no account"
    stack = STACK

    def __init__(self, why: str) -> None:
        self._why = why

    @property
    def outputs(self) -> Mapping[str, str]:
        """There are none."""
        raise Misused(self._why)

    def client(self, _service: str) -> Any:
        """There is none."""
        raise Misused(self._why)


def refuse_remote(endpoint: str) -> None:
    """`Misused` unless the address is on this machine: dummy keys belong nowhere else."""
    if not is_loopback(endpoint):
        raise Misused(f"{endpoint} is not on this machine; the local stack is never elsewhere.")


def is_loopback(url: str) -> bool:
    """Whether the address leads to this machine."""
    return urlsplit(url).hostname in LOOPBACK


def output(aws: Aws, name: str) -> str:
    """One of the stack's outputs; `NotFound` when it has no such."""
    try:
        return aws.outputs[name]
    except KeyError:
        raise NotFound(
            f"{aws.place} has no output {name}.",
            "It may be another stack, or one of an older Carillon: --stack, --region, --profile.",
        ) from None


@contextmanager
def speaking_to_aws() -> Iterator[None]:
    """Turns what boto3 raises into errors for people."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        NoRegionError,
        ProfileNotFound,
    )

    try:
        yield
    except NoCredentialsError as error:
        raise NotSignedIn(
            "There are no AWS credentials.", "`aws sso login`, or name a profile: --profile NAME"
        ) from error
    except NoRegionError as error:
        raise Misused("No AWS region is set.", "--region eu-central-1, or AWS_REGION") from error
    except ProfileNotFound as error:
        raise Misused(f"{error}.") from error
    except ClientError as error:
        raise _refused(error.response.get("Error", {})) from error
    except BotoCoreError as error:
        raise Unreachable(f"AWS does not answer: {error}") from error


def _refused(error: Mapping[str, Any]) -> CliError:
    code, message = error.get("Code", "?"), error.get("Message", "")
    if code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
        return NotSignedIn(f"AWS does not permit it: {message}")
    if code in ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId"):
        return NotSignedIn(f"The AWS credentials are no longer good: {message}")
    return CliError(f"AWS refuses: {code}: {message}")
