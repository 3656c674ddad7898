"""`make deploy`: to AWS, with the caller's own credentials, after showing where that leads.

The only one of our commands that reads real credentials; all others forget them first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.cdk import CLI, QUIET
from local.errors import LocalError
from local.places import PROJECT_ROOT

YES = "yes"

Run = Callable[[Sequence[str], Mapping[str, str]], int]


@dataclass(frozen=True)
class Target:
    """Where a deployment would go, and in whose name."""

    account: str
    region: str
    who: str


def main(options: Sequence[str]) -> int:
    try:
        # The CDK looks at AWS_REGION first, boto3 not at all.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
        return deploy(options, session=session, ask=input, run=_run)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def deploy(options: Sequence[str], *, session: Any, ask: Callable[[str], str], run: Run) -> int:
    """Deploy with these options of `cdk deploy`, if the person agrees; the exit code."""
    target = target_of(session)
    print(
        f"This deploys Carillon to AWS:\n"
        f"  account  {target.account}\n"
        f"  region   {target.region}\n"
        f"  as       {target.who}\n"
        f"  options  {' '.join(options) or 'none: cdk.json and the defaults'}"
    )
    try:
        agreed = ask(f"Type `{YES}` to go on: ").strip() == YES
    except EOFError:
        agreed = False
    if not agreed:
        print("Nothing was done.")
        return 1
    command = ["node", str(CLI), "deploy", "--app", f"{sys.executable} app.py", *options]
    return run(command, {"AWS_REGION": target.region})


def target_of(session: Any) -> Target:
    """What the credentials and the region that are set lead to; `LocalError` without either."""
    if session.region_name is None:
        raise LocalError("No region is set: AWS_REGION=eu-central-1, or one in your AWS profile.")
    try:
        identity = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"AWS does not know you: {error}") from error
    return Target(account=identity["Account"], region=session.region_name, who=identity["Arn"])


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    together = {**os.environ, **QUIET, **environment}
    return subprocess.run(command, cwd=PROJECT_ROOT, env=together, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
