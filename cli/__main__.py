"""Starts the program and ends it: every failure is a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from cli import showing
from cli.app import app
from cli.errors import INTERRUPTED, CliError
from cli.session import Session
from cli.surroundings import Surroundings

DEBUG = "CARILLON_DEBUG"
BROKEN = 1


def main(arguments: Sequence[str] | None = None, *, around: Surroundings | None = None) -> int:
    """Run one command; its exit code, see `cli.errors`."""
    around = around or Surroundings.real()
    try:
        command = typer.main.get_command(app)
        command.main(
            args=None if arguments is None else list(arguments),
            prog_name="carillon",
            obj=Session(around),
        )
    except CliError as error:
        showing.failure(around.err, error)
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        # Whoever read us has seen enough. The interpreter would complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if around.environment.get(DEBUG):
            raise
        told = f"{type(error).__name__}: {error}"
        hint = f"This is a mistake of the program. {DEBUG}=1 shows where."
        showing.failure(around.err, CliError(told, hint))
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
