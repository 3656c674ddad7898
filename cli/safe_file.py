"""JSON files that nobody else may read, and that a crash leaves whole."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

OWNER_ONLY = 0o700


def load(path: Path) -> dict[str, Any]:
    """What the file holds; nothing when it is missing or broken."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def save(path: Path, content: dict[str, Any]) -> None:
    """Replace the file at once; it is readable by its owner alone from its first moment on.

    `mkstemp` makes files of mode 0600: https://docs.python.org/3/library/tempfile.html
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
