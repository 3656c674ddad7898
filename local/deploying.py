"""`make deploy`, `make diff` and `make destroy`: on AWS, with the caller's own credentials.

These are the only ones of our commands that read real credentials; all others forget them first.
Each says first where it leads, and whatever can be found wrong without AWS is found before that.
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
from local.environments import Settings
from local.errors import LocalError
from local.places import PROJECT_ROOT
from local.removal import what_is_there

YES = "yes"
BOOTSTRAP = "bootstrap"

# What `cdk bootstrap` leaves in an account's region, and what the CDK itself looks at.
# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version"

Run = Callable[[Sequence[str], Mapping[str, str]], int]
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Target:
    """Where a command would go, and in whose name."""

    account: str
    region: str
    who: str


def main(arguments: Sequence[str]) -> int:
    """`deploy|diff|destroy <environment> [options of the CDK's command line]`."""
    os.environ.update(QUIET)  # before the CDK's library starts and has its say about Node
    from local.settings_file import read

    command, name, *options = arguments
    try:
        settings = read(name, options)
        session = boto3.Session(region_name=settings.region)
        return COMMANDS[command](settings, session=session, ask=input, run=_run)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def deploy(settings: Settings, *, session: Any, ask: Ask, run: Run) -> int:
    """Deploy, if the person agrees; the exit code."""
    target = _show("deploys Carillon", settings, session)
    if not _is_bootstrapped(session, target) and not _bootstrap(target, ask, run):
        return 1
    if not _agrees(ask, f"Type `{YES}` to go on: ", YES):
        return 1
    return run(_cdk("deploy", settings), _aimed_at(target))


def diff(settings: Settings, *, session: Any, ask: Ask, run: Run) -> int:
    """Show what a deployment would change. It reads the deployed template, and writes nothing.

    A change set would know more exactly what is replaced, and would have to be made in the account;
    who wants it says OPTIONS=--method=change-set.
    """
    del ask  # there is nothing to agree to
    target = _show("compares Carillon, and changes nothing", settings, session)
    chosen = ("-m", "--method", "--change-set")
    is_chosen = any(option.startswith(chosen) for option in settings.options)
    how = () if is_chosen else ("--method", "template")
    return run([*_cdk("diff", settings), *how], _aimed_at(target))


def destroy(settings: Settings, *, session: Any, ask: Ask, run: Run) -> int:
    """Delete the stack, if the person types its name; what stays is said before."""
    target = _show("DESTROYS Carillon", settings, session)
    there = what_is_there(settings.stack_name, session)
    print(there.in_words())
    if there.in_the_way:
        print("\n".join(["Nothing was done. First:", _in_region(target), *there.in_the_way]))
        return 1
    question = f"Type the stack's name, {settings.stack_name}, to delete it: "
    if not _agrees(ask, question, settings.stack_name):
        return 1
    code = run([*_cdk("destroy", settings), "--force"], _aimed_at(target))
    if code == 0 and there.afterwards:
        how = "What stayed is deleted by hand, if at all:"
        print("\n".join([how, _in_region(target), *there.afterwards]))
    return code


COMMANDS = {"deploy": deploy, "diff": diff, "destroy": destroy}


def target_of(session: Any) -> Target:
    """What the credentials lead to in the session's region; `LocalError` without any."""
    try:
        identity = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"AWS does not know you: {error}") from error
    return Target(account=identity["Account"], region=session.region_name, who=identity["Arn"])


def _show(what: str, settings: Settings, session: Any) -> Target:
    target = target_of(session)
    print(
        f"This {what}:\n"
        f"  account  {target.account}\n"
        f"  region   {target.region}\n"
        f"  as       {target.who}\n"
        f"  stack    {settings.stack_name}\n"
        f"  settings {settings.path}\n"
        f"  options  {' '.join(settings.options) or 'none'}"
    )
    for key, value in settings.context.items():
        print(f"    {key} = {value}")
    if settings.account not in (None, target.account):
        raise LocalError(
            f"Nothing was done: {settings.path} is for account {settings.account}, and these"
            f" credentials are of {target.account}. Choose others, by AWS_PROFILE for instance."
        )
    return target


def _is_bootstrapped(session: Any, target: Target) -> bool:
    """Whether the CDK's own stack is in the region; yes, if we may not look: the CDK will say."""
    try:
        session.client("ssm").get_parameter(Name=BOOTSTRAP_VERSION)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return False
        print(
            f"Whether the CDK was bootstrapped here cannot be seen ({error}). If it then asks"
            f" whether the environment has been bootstrapped:\n  {_bootstrap_command(target)}"
        )
    return True


def _bootstrap(target: Target, ask: Ask, run: Run) -> bool:
    """Offer to do once what the CDK needs in each region; whether it is done."""
    print(
        f"The CDK was never bootstrapped in {target.region} of {target.account}. It needs there,\n"
        "once, a bucket for code and roles to deploy with, in a stack named CDKToolkit:\n"
        f"  {_bootstrap_command(target)}"
    )
    if not _agrees(ask, f"Type `{BOOTSTRAP}` to have it done now: ", BOOTSTRAP):
        return False
    where = f"aws://{target.account}/{target.region}"
    return run(["node", str(CLI), "bootstrap", where], _aimed_at(target)) == 0


def _bootstrap_command(target: Target) -> str:
    return f"npx cdk bootstrap aws://{target.account}/{target.region}"


def _agrees(ask: Ask, question: str, word: str) -> bool:
    try:
        agreed = ask(question).strip() == word
    except EOFError:
        agreed = False
    if not agreed:
        print("Nothing was done.")
    return agreed


def _cdk(command: str, settings: Settings) -> list[str]:
    context = (part for key, value in settings.context.items() for part in ("-c", f"{key}={value}"))
    app = f"{sys.executable} app.py"
    name = settings.stack_name
    return ["node", str(CLI), command, name, "--app", app, *context, *settings.options]


def _in_region(target: Target) -> str:
    return f"  export AWS_REGION={target.region}"


def _aimed_at(target: Target) -> dict[str, str]:
    """The CDK looks at AWS_REGION before all else."""
    return {"AWS_REGION": target.region, "AWS_DEFAULT_REGION": target.region}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    together = {**os.environ, **QUIET, **environment}
    return subprocess.run(command, cwd=PROJECT_ROOT, env=together, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
