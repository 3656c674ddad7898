"""One task for each message: load, decide, call, store; the same job in two manners."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import requests
import urllib3
from celery import Task
from celery.utils.time import get_exponential_backoff_interval
from sqlalchemy import bindparam, select, update

from benchmarks.celery_app import decisions
from benchmarks.celery_app.app import MANNER, Session, app, engine
from benchmarks.celery_app.models import Client, Mailing, Message

URL = os.environ["GATEWAY_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['GATEWAY_TOKEN']}"}
TIMEOUT_S = 10
FIRST_WAIT_S, WAIT_MAX_S = 5, 300


@app.task(bind=True, max_retries=None)
def send(self: Task, message_id: int) -> None:
    """Send a message, with what the libraries do by themselves."""
    wait_s = None
    with Session() as session:
        message = session.get_one(Message, message_id)
        mailing = message.mailing
        if message.status != "pending":
            return
        ending = decisions.before(mailing=mailing.status, ends_at=mailing.ends_at, now=_now())
        if ending is None:
            message.attempts += 1
            body = {"id": message.id, "phone": message.client.phone, "text": mailing.text}
            try:
                answer = requests.post(
                    f"{URL}/send/{message.id}", json=body, headers=HEADERS, timeout=TIMEOUT_S
                )
                status, content = answer.status_code, answer.content
            except requests.RequestException:
                status, content = None, b""
            ending, wait_s, message.error = _judge(self, status, content, mailing.ends_at)
        message.status = ending
        message.sent_at = _now() if ending == "sent" else None
        session.commit()
    if wait_s:
        raise self.retry(countdown=wait_s)


_gateway = urllib3.connection_from_url(
    URL,
    maxsize=MANNER.concurrency or 1,
    retries=False,
    timeout=TIMEOUT_S,
    headers={**HEADERS, "Content-Type": "application/json"},
)
_PATH = urllib3.util.parse_url(URL).path or ""
# Built once: to build a statement takes as long as to execute it. Rows of columns, not objects,
# because nothing of what is read is changed and written back.
_LOAD = (
    select(
        Message.status,
        Message.attempts,
        Client.phone,
        Mailing.text,
        Mailing.status.label("mailing"),
        Mailing.ends_at,
    )
    .join(Message.client)
    .join(Message.mailing)
    .where(Message.id == bindparam("message_id"))
)
_STORE = (
    update(Message)
    .where(Message.id == bindparam("message_id"), Message.status == "pending")
    .values({name: bindparam(name) for name in ("status", "attempts", "error", "sent_at")})
)


@app.task(bind=True, max_retries=None)
def send_tuned(self: Task, message_id: int) -> None:
    """Send a message: one query, a kept connection, one update; nothing is held during the call."""
    with engine.connect() as connection:
        row = connection.execute(_LOAD, {"message_id": message_id}).one()
    if row.status != "pending":
        return
    ending = decisions.before(mailing=row.mailing, ends_at=row.ends_at, now=_now())
    attempts, error, wait_s = row.attempts, None, None
    if ending is None:
        attempts += 1
        body = json.dumps({"id": message_id, "phone": row.phone, "text": row.text})
        try:
            answer = _gateway.urlopen("POST", f"{_PATH}/send/{message_id}", body=body)
            status, content = answer.status, answer.data
        except urllib3.exceptions.HTTPError:
            status, content = None, b""
        ending, wait_s, error = _judge(self, status, content, row.ends_at)
    values = {
        "message_id": message_id,
        "status": ending,
        "attempts": attempts,
        "error": error,
        "sent_at": _now() if ending == "sent" else None,
    }
    with engine.connect() as connection:
        connection.execute(_STORE, values)
    if wait_s:
        raise self.retry(countdown=wait_s)


def _judge(
    task: Task, answer: int | None, content: bytes, ends_at: datetime
) -> tuple[decisions.Status, int | None, str | None]:
    """The message's status, the seconds until it is tried again, and what went wrong."""
    ending = decisions.after(answer, content)
    if ending == "sent":
        return ending, None, None
    error = "no answer" if answer is None else f"HTTP {answer}"
    if ending == "failed":
        return ending, None, error
    wait_s = FIRST_WAIT_S + get_exponential_backoff_interval(
        factor=FIRST_WAIT_S, retries=task.request.retries, maximum=WAIT_MAX_S, full_jitter=True
    )
    if decisions.may_retry(wait_s=wait_s, ends_at=ends_at, now=_now()):
        return "pending", wait_s, error
    return "expired", None, error


def _now() -> datetime:
    return datetime.now(UTC)
