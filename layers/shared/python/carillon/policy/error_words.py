"""The gateway's errors in words, and what to do about them, for people who read plain text.

The phrases are those that `policy.answers.counted_as` counts under. The admin page has its own
words for them, in its languages (functions/page/static/words/errors.js); these are its short form.
"""

import re
from dataclasses import dataclass

_ASK_PROVIDER = (
    "It is tried again until the mailing's end. If it stays, ask the gateway's provider."
)
_TELL = "Tell whoever runs Carillon: the setting is wrong, the messages are not to blame."


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What an error means, and what to do."""

    meaning: str
    to_do: str


_WORDS: tuple[tuple[re.Pattern[str], ErrorWords], ...] = tuple(
    (re.compile(pattern), ErrorWords(meaning, to_do))
    for pattern, meaning, to_do in (
        (
            r"HTTP (400|422)\b.*",
            "The gateway refused the message",
            "Mostly the number does not exist: check the clients, then send again.",
        ),
        (
            r"HTTP (401|403)\b.*",
            "The gateway refused our access",
            "Its token is wrong or has run out: put a new one into the secret. Nothing is lost"
            " until the mailing's end.",
        ),
        (
            r"HTTP 429\b.*",
            "The gateway asked to slow down",
            "Nothing to do now. If it is daily, set a pace (gateway_parts_per_s).",
        ),
        (r"HTTP (408|425)\b.*", "The gateway gave up waiting", _ASK_PROVIDER),
        (r"HTTP 4(\d\d|xx)\b.*", "The gateway does not know our request", _TELL),
        (r"HTTP 3(\d\d|xx)\b.*", "The gateway has another address", _TELL),
        (r"HTTP 5(\d\d|xx)\b.*", "The gateway has an error of its own", _ASK_PROVIDER),
        (r"HTTP 2(\d\d|xx)\b.*", "The gateway did not confirm the message", _ASK_PROVIDER),
        (r"answer too large", "The gateway's answer makes no sense", _ASK_PROVIDER),
        (r"timeout", "The gateway did not answer in time", _ASK_PROVIDER),
        (
            r"timeout while connecting|no connection",
            "The gateway could not be reached",
            _ASK_PROVIDER,
        ),
        (r"name not found", "The gateway's name is not known", _TELL),
        (
            r"no secure connection",
            "No secure connection to the gateway",
            "Its certificate may have run out: ask the gateway's provider.",
        ),
        (r"connection broken", "The connection to the gateway broke off", _ASK_PROVIDER),
        (
            r"not called",
            "There was no time left for a call",
            "Let the mailing run longer, or raise the pace or the number of senders.",
        ),
    )
)
_UNKNOWN = ErrorWords("Another error", "Look at the messages on the mailing's page.")


def words_of(error: str) -> ErrorWords:
    """Of a phrase that messages are counted under."""
    return next((words for pattern, words in _WORDS if pattern.fullmatch(error)), _UNKNOWN)
