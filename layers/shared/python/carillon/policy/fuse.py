"""When refusals are no longer believed to be the messages' own fault.

A gateway that refuses one message for good means that message. One that refuses most of what it
gets has a fault of its own, or we have: a wrong sender name, an account that was closed, a change
of its contract. Writing all of those messages down as failed would burn the mailing.
"""

WINDOW = 200
"""So many of the last answers that judged a message, accepted or refused for good, are looked at:
at the pace of a single sender, the last seconds."""

ANSWERS_MIN = 50
"""Fewer answers say nothing: a small mailing to old numbers may well be refused as a whole."""


def is_blown(*, refused: int, answers: int) -> bool:
    """Whether most of the last answers were refusals for good."""
    return answers >= ANSWERS_MIN and refused * 2 > answers
