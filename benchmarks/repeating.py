"""Looking at something again and again, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Repeating:
    """Calls `look` every `every_s` seconds between `start` and `stop`; never twice at once."""

    def __init__(self, look: Callable[[], None], *, every_s: float, name: str) -> None:
        """Nothing is called yet."""
        self._look = look
        self._every_s = every_s
        self._over = threading.Event()
        self.thread = threading.Thread(target=self._repeat, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """Returns when the last look is over."""
        self._over.set()
        self.thread.join()

    def _repeat(self) -> None:
        while not self._over.wait(self._every_s):
            self._look()
