"""What ends a command with a message for a person, and with which exit code.

CliError            1  something is not as it should be
├── Misused         2  the command or a value in it makes no sense
├── NotSignedIn     3  no token, a token that is refused, or one that does not permit it
├── NotFound        4  an id that the deployment does not know
├── StateForbids    5  the mailing's state, another's change or another's phone forbids it
└── Unreachable     6  the deployment or AWS did not answer

0 is success, 130 is Ctrl-C. `docs/cli.md` lists the same numbers.
"""

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


class CliError(Exception):
    """`message` says what is wrong, `hint` what to do about it."""

    code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Misused(CliError):
    """The caller has to ask otherwise."""

    code = 2


class NotSignedIn(CliError):
    """The caller has to sign in, or somebody else has to."""

    code = 3


class NotFound(CliError):
    """There is no such thing, or no longer."""

    code = 4


class StateForbids(CliError):
    """It cannot be done as things stand."""

    code = 5


class Unreachable(CliError):
    """Nobody answered, or only to say that it is too much; later it may be otherwise."""

    code = 6
