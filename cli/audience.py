"""How many people a command touches: asked for before it is asked whether to go on."""

from __future__ import annotations

from typing import Any

from cli.session import Session

FINAL = ("finished", "cancelled")


def preview(session: Session, mailing: Any) -> Any:
    """Whom a mailing would reach if it started as described."""
    names = ("filter", "text", "time_window", "starts_at", "ends_at")
    body = {name: mailing[name] for name in names if mailing.get(name) is not None}
    return session.api.act("/mailings/preview", body).json()


def counts(session: Session, mailing_id: str) -> dict[str, int]:
    """A mailing's messages by status."""
    found: dict[str, int] = session.api.get(f"/mailings/{mailing_id}/stats")["counts"]
    return found
