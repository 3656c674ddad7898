"""The machine that was measured on: figures without its shape say nothing."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

import psutil

CPU_INFO = Path("/proc/cpuinfo")
GB = 1024**3


def shape() -> dict[str, Any]:
    """`cpu`, `cores`, `memory_gb`, `system`, `kernel` and `python`."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / GB, 1),
        "system": _system(),
        "kernel": platform.release(),
        "python": _python(),
    }


def load() -> float:
    """How many processes wanted a processor in the last minute, before we measure."""
    return round(os.getloadavg()[0], 1)


def in_words(machine: dict[str, Any]) -> str:
    """One line for a person."""
    return (
        f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gb']:g} GB of memory,"
        f" {machine['system']}, kernel {machine['kernel']}, Python {machine['python']}"
    )


def _cpu() -> str:
    """Its name, as the kernel knows it; else what Python knows."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _python() -> str:
    """Its version, and whether it is the system's: those are built for speed, which others may not
    be."""
    whose = " of the system" if sys.base_prefix == "/usr" else ""
    return platform.python_version() + whose


def _system() -> str:
    if platform.system() == "Linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except OSError:  # a system without the file says no more than its kernel does
            return "Linux"
    return f"{platform.system()} {platform.mac_ver()[0]}".strip()
