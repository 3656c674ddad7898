"""What stops a local command with a message for a person.

LocalError
├── AlreadyRunning   this clone's stack runs in another shell
├── PortTaken        somebody else listens where we would
└── StepFailed       a program that we started failed; names its log
"""


class LocalError(Exception):
    """The message says what is wrong and what to do; no traceback helps."""


class AlreadyRunning(LocalError):
    def __init__(self, pid: int) -> None:
        super().__init__(
            f"This clone's stack is already running (process {pid}). `make stop` ends it."
        )


class PortTaken(LocalError):
    def __init__(self, port: int, variable: str) -> None:
        super().__init__(
            f"Port {port} is taken by another program. Choose a free one: "
            f"make run {variable}={port + 10}"
        )


class StepFailed(LocalError):
    def __init__(self, what: str, log: object, last_lines: str) -> None:
        super().__init__(f"{what}. The whole log is in {log}; it ends with:\n{last_lines}")
