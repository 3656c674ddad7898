"""Made-up clients, mailings and messages; a test names only what it is about."""

from datetime import timedelta
from typing import Any

from carillon.models.client import Client, Recipient
from carillon.models.mailing import Filter, Mailing, Slice
from carillon.models.message import Message
from carillon.models.trial import Trial
from tests.fakes.system import SOME_MOMENT, SOME_REQUEST

HOUR = timedelta(hours=1)


def a_recipient(number: int = 1, *, timezone: str = "Europe/Moscow") -> Recipient:
    """Client `number` as fan-out and sender see it."""
    return recipient_of(a_client(number, timezone=timezone))


def recipient_of(client: Client) -> Recipient:
    """What fan-out and sender see of a client."""
    return Recipient(id=client.id, phone=client.phone, timezone=client.timezone)


def a_client(number: int = 1, **fields: Any) -> Client:
    """Client `c0000001`, with a phone of its own."""
    return Client(
        **{
            "id": f"c{number:07d}",
            "phone": f"7900{number:07d}",
            "operator_code": "900",
            "timezone": "Europe/Moscow",
            "created_at": SOME_MOMENT,
            "updated_at": SOME_MOMENT,
            **fields,
        }
    )


def a_mailing(number: int = 1, **fields: Any) -> Mailing:
    """Mailing `m0000001` to everybody, for an hour from `SOME_MOMENT` on."""
    return Mailing(
        **{
            "id": f"m{number:07d}",
            "text": "Привет!",
            "starts_at": SOME_MOMENT,
            "ends_at": SOME_MOMENT + HOUR,
            "filter": Filter(),
            "created_at": SOME_MOMENT,
            "updated_at": SOME_MOMENT,
            "due_at": SOME_MOMENT,
            "correlation_id": SOME_REQUEST,
            **fields,
        }
    )


def a_slice(number: int = 0, **fields: Any) -> Slice:
    """One of the eight slices of mailing `m0000001`."""
    return Slice(
        **{
            "mailing_id": "m0000001",
            "number": number,
            "total": 8,
            "due_at": SOME_MOMENT,
            **fields,
        }
    )


def a_message(number: int = 1, **fields: Any) -> Message:
    """The message of mailing `m0000001` to client `c0000001`, pending and never tried."""
    return Message(
        **{
            "mailing_id": "m0000001",
            "client_id": f"c{number:07d}",
            "created_at": SOME_MOMENT,
            "updated_at": SOME_MOMENT,
            "not_before": SOME_MOMENT,
            **fields,
        }
    )


def a_trial(number: int = 1, **fields: Any) -> Trial:
    """Trial `t0000001` of mailing `m0000001`, just asked for."""
    trial = Trial.new(
        mailing_id="m0000001",
        trial_id=f"t{number:07d}",
        phone=f"7903{number:07d}",
        text="Привет!",
        created_at=SOME_MOMENT,
    )
    return trial.model_copy(update=fields)
