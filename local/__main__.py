"""The commands behind `make run`, `demo`, `stop` and `token`.

Settings come from the variables that the Makefile passes on: PORT, EMULATOR_PORT, GATEWAY_PORT,
GATEWAY_URL, GATEWAY_TOKEN, CARILLON_EMULATOR_SPEED.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from local.account import forget_the_callers
from local.context import Gateway
from local.errors import LocalError
from local.operator_account import token_of_running
from local.ownership import stop_running
from local.places import LocalPaths, Ports
from local.progress import Progress
from local.stack import LocalStack

WATCH_S = 0.5


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, `make stop`, a closed terminal."""


def main() -> int:
    commands = {
        "run": run,
        "demo": demo,
        "stop": stop,
        "token": token,
    }
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=commands)
    # No variable sets it, so that none can open the door by mistake: compose.yaml says it.
    parser.add_argument("--listen", help="an address beside loopback at which to be reached")
    forget_the_callers()
    options = parser.parse_args()
    command = commands[options.command]
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _stop)
    try:
        return command(Progress(), options.listen)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return 0


def run(progress: Progress, listen: str | None) -> int:
    """Hold the stack until somebody asks to end it."""
    with _stack(progress, listen) as stack:
        _show_links(stack, progress)
        _stay(stack)


def demo(progress: Progress, listen: str | None) -> int:
    """The main job, shown; on a terminal the stack stays up afterwards."""
    from local import demo as show

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with _stack(progress, listen) as stack:
        code = show.run(
            base_url=stack.api_url,
            gateway_url=stack.gateway_url,
            interactive=interactive,
            token=stack.token,
        )
        if interactive:
            _show_links(stack, progress)
            _stay(stack)
    return code


def stop(progress: Progress, _listen: str | None) -> int:
    """End this clone's stack, whichever shell it runs in."""
    was_running = stop_running(LocalPaths())
    progress.say("Stopped." if was_running else "Nothing was running.")
    return 0


def token(_progress: Progress, _listen: str | None) -> int:
    """A bearer token of the running stack, alone on its line."""
    print(token_of_running(LocalPaths()))
    return 0


def _stack(progress: Progress, listen: str | None) -> LocalStack:
    default = Gateway()
    return LocalStack(
        ports=Ports(
            **{
                field: int(os.environ.get(variable) or getattr(Ports, field))
                for field, variable in Ports.VARIABLES.items()
            }
        ),
        gateway=Gateway(
            url=os.environ.get("GATEWAY_URL") or None,
            token=os.environ.get("GATEWAY_TOKEN") or default.token,
        ),
        speed_patches=os.environ.get("CARILLON_EMULATOR_SPEED") != "off",
        listen=listen,
        progress=progress,
    )


def _show_links(stack: LocalStack, progress: Progress) -> None:
    base = f"http://localhost:{stack.ports.front_door}"
    progress.say(
        f"\nCarillon is up: {base}\n"
        f"  the admin page                {base}/\n"
        f"  the API, to read and to try   {base}/docs\n"
        f"{_sign_in(stack)}"
        f"  logs                          {stack.paths.logs}\n"
        "Ctrl-C or `make stop` ends it; its data stays for the next start."
    )


def _sign_in(stack: LocalStack) -> str:
    if stack.operator is None:
        return ""
    return (
        f"  sign in as                    {stack.operator.email}\n"
        f"  with the password             {stack.operator.password}\n"
        "  a token for programs          make -s token\n"
    )


def _stay(stack: LocalStack) -> NoReturn:
    while True:
        time.sleep(WATCH_S)
        if reason := stack.fallen():
            raise reason


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Stopping takes a moment; a second Ctrl-C must not leave half of it undone.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
