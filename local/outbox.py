"""E-mail on this machine: the emulator takes it as SES does, and shows it instead of sending it."""

from __future__ import annotations

import json
import urllib.request
from contextlib import suppress
from typing import Any

REQUEST_LIMIT_S = 10


def verify(sender: str, ses: Any) -> None:
    """What an owner does once: without a verified sender SES takes no e-mail.

    On AWS a person confirms it, here nobody is asked.
    """
    with suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=sender)


def sent_messages(emulator_url: str) -> list[dict[str, Any]]:
    """All that was sent, in order: `Source`, `To`, `Subject`, `BodyText`, `BodyHtml` and more."""
    outbox = f"{emulator_url}/_ministack/ses/messages"
    with urllib.request.urlopen(outbox, timeout=REQUEST_LIMIT_S) as answer:
        by_account = json.load(answer)["messages"]
    return [message for messages in by_account.values() for message in messages]
