"""CPU seconds and memory of groups of processes, from the system's own accounting.

What a message costs is asked of the kernel, not of a clock: on a machine that also does other
things seconds say little, CPU seconds much.

    with Usage({"gateway": lambda: tree(gateway_pid)}) as usage:
        ...
    print(usage.cpu_s["gateway"], usage.peak_mb["gateway"])
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil

from benchmarks.repeating import Repeating

SAMPLE_EVERY_S = 0.5
"""What a process used after its last sample is not seen, so a short-lived one is off by this."""
MEMORY_EVERY = 4
"""Memory is read at each fourth sample: the kernel walks all pages of a process to answer."""
BOOT_TIME_ERROR_S = 1.0
"""The kernel tells a process's begin from the boot on, and the boot in whole seconds."""
MB = 1024 * 1024

Pids = Callable[[], Iterable[int]]
_Process = tuple[int, float]  # its id, and the second at which it began: ids are used again


def tree(pid: int) -> list[int]:
    """The process, and everything that it started and that these started; [] when it is gone."""
    try:
        root = psutil.Process(pid)
        return [pid, *(child.pid for child in root.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


class Usage:
    """Between `enter` and `exit`, by group: `cpu_s` and `peak_mb`.

    `groups`: for each name, who gives the ids of its processes now (children included). It is
    called twice a second. A process that begins meanwhile is counted from its begin, one that
    ends meanwhile up to its last sample.
    """

    def __init__(self, groups: Mapping[str, Pids]) -> None:
        """Nothing is looked at yet."""
        self._groups = dict(groups)
        self._began: dict[str, dict[_Process, float]] = {name: {} for name in groups}
        self._latest: dict[str, dict[_Process, float]] = {name: {} for name in groups}
        self._peak_mb = dict.fromkeys(groups, 0.0)
        self._entered_at = 0.0
        self._samples = 0
        self._sampler = Repeating(self._sample_again, every_s=SAMPLE_EVERY_S, name="usage")

    @property
    def cpu_s(self) -> Mapping[str, float]:
        """CPU seconds (user and system) of each group since `enter`, also meanwhile."""
        return {
            name: sum(used - self._began[name][process] for process, used in latest.copy().items())
            for name, latest in self._latest.items()
        }

    @property
    def peak_mb(self) -> Mapping[str, float]:
        """The highest sum of each group's resident memory, in MiB, as seen every two seconds.

        Shared pages are divided among those who share them (PSS) where the system tells it, as
        Linux does; elsewhere they count for each (RSS).
        """
        return dict(self._peak_mb)

    def __enter__(self) -> Self:
        """Begin to count."""
        self._entered_at = time.time()
        self._sample(with_memory=True)
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Count a last time."""
        self._sampler.stop()
        self._sample(with_memory=True)

    def _sample_again(self) -> None:
        self._samples += 1
        self._sample(with_memory=self._samples % MEMORY_EVERY == 0)

    def _sample(self, *, with_memory: bool) -> None:
        for name, pids in self._groups.items():
            resident = 0
            for pid in pids():
                # It ended meanwhile, or is another user's.
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    process = psutil.Process(pid)
                    self._note(name, process)
                    resident += _resident(process) if with_memory else 0
            self._peak_mb[name] = max(self._peak_mb[name], resident / MB)

    def _note(self, group: str, process: psutil.Process) -> None:
        times = process.cpu_times()
        used = times.user + times.system
        known = (process.pid, process.create_time())
        if known not in self._began[group]:
            began_meanwhile = known[1] >= self._entered_at - BOOT_TIME_ERROR_S
            is_new = self._sampler.thread.is_alive() and began_meanwhile
            self._began[group][known] = 0.0 if is_new else used
        self._latest[group][known] = used


def _resident(process: psutil.Process) -> int:
    """Bytes."""
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))
