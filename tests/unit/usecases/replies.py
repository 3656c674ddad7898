"""Answers of the gateway, as short as a test wants them."""

from carillon.models.gateway import Cause, NoReply, Reply


def reply(status: int, code: int | None = None, retry_after_s: float | None = None) -> Reply:
    """A whole answer."""
    return Reply(status, code, retry_after_s, excerpt="", duration_s=0.1)


def no_reply(cause: Cause, *, handed_over: bool) -> NoReply:
    """None that is whole."""
    return NoReply(cause, handed_over, detail="", duration_s=0.1)
