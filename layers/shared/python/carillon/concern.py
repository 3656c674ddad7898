"""What the lines of one piece of work are about, said once and not in each of its lines.

Whoever begins a piece of work, such as a request or one record of a queue, opens it with
`concerning` and the keys that are known by then. Whoever learns more says so with
`learned`, or with `learned_of` when the mailing was read, and all later lines of that work have it,
the one about its failure too. A line's own keys come first. Work on many mailings at once names the
mailing in each line, with `about`.

The standard library alone, so that the domain may use it; `telemetry` puts the keys on the lines.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from carillon.models.mailing import Mailing

_known: ContextVar[dict[str, object] | None] = ContextVar("what the work is about", default=None)


@contextmanager
def concerning(**keys: object) -> Iterator[None]:
    """All lines inside have these keys, besides those of the work around it."""
    before = _known.set({**(_known.get() or {}), **_given(keys)})
    try:
        yield
    finally:
        _known.reset(before)


def learned(**keys: object) -> None:
    """From here on the lines of this work have these keys too; nothing where there is no work."""
    known = _known.get()
    if known is not None:
        known.update(_given(keys))


def learned_of(mailing: Mailing | None) -> None:
    """What was read, if anything was: the mailing that this work is about."""
    if mailing is not None:
        learned(**about(mailing))


def about(mailing: Mailing, **more: object) -> dict[str, object]:
    """Keys of a line about this mailing: its id, and that of the request which created it."""
    ids = {"mailing_id": mailing.id, "correlation_id": mailing.correlation_id}
    return _given({**ids, **more})


class Concern(logging.Filter):
    """Puts what the work is about on each line; it refuses none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """A key that the line has itself stays as it is."""
        for name, value in (_known.get() or {}).items():
            if name not in vars(record):
                setattr(record, name, value)
        return True


def _given(keys: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in keys.items() if value is not None}
