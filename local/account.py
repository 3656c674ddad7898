"""The emulated AWS account: its fixed keys, and clients that can reach nothing else."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from local.errors import LocalError

REGION = "us-east-1"
# The emulator's root account and its fixed keys.
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
ACCOUNT = "000000000000"

# No profile, no metadata service, and no proxy for what is on this machine.
ISOLATED = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "localhost,127.0.0.1",
    "no_proxy": "localhost,127.0.0.1",
}


def refuse_remote(endpoint: str) -> None:
    """Nothing that `local` does may ever reach an AWS account."""
    if urlsplit(endpoint).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise LocalError(f"{endpoint} is not on this machine; only the local stack is deployed to.")


def forget_the_callers() -> None:
    """Take everything out of our environment that speaks of a real account, or leads elsewhere.

    An unknown AWS_PROFILE alone makes every client fail, and a proxy would be asked for loopback.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= ISOLATED


def client(service: str, endpoint: str) -> Any:
    """A boto3 client of the emulated account."""
    refuse_remote(endpoint)
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service, while the stubs know four
        endpoint_url=endpoint,
        region_name=REGION,
        config=Config(retries={"mode": "standard", "max_attempts": 3}),
        **CREDENTIALS,
    )
