"""The processes in which the functions of a local stack run, one each for what is side by side."""

from __future__ import annotations

from pathlib import Path

from local.processes import Identity, with_argument_under
from local.stack import LocalStack


def workers_of(stack: LocalStack, function: str) -> list[Identity]:
    """The living processes of a function, given by the name of the stack's output for it.

    MiniStack unpacks a function anew for each process, into a folder that it names after it, and
    runs it from there: the scratch folder is this stack's alone, so no other's process is found.
    """
    folder = stack.paths.emulator / "scratch"
    return with_argument_under(folder, name=f"ministack-lambda-{stack.outputs[function]}-")


def peak_memory_mb(worker: Identity) -> float | None:
    """The most memory that a process held so far; None when it is gone, or not known here."""
    try:
        status = Path(f"/proc/{worker.pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # proc(5): VmHWM is the peak resident set size, in kB. A process that is ending has none.
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0]) / 1024 if peaks else None
