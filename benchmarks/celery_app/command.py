"""The operator's side: `fill` the tables, `begin` a mailing, say how it `stands`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.orm import Session as OrmSession

from benchmarks.celery_app.app import MANNER, Session, app, engine
from benchmarks.celery_app.models import Base, Client, Mailing, Message
from benchmarks.celery_app.tasks import send, send_tuned

PAGE = 5_000
OTHERS = 4
"""For this many clients that the mailing is for there is one that it is not for."""


def fill(clients: int) -> None:
    """New tables with so many clients that fit the mailing's filter, and others between."""
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    fits = [True] * OTHERS + [False]
    rows = [
        {
            "phone": 70_000_000_000 + number,
            "operator_code": "916",
            "tags": ["vip" if fits[number % len(fits)] else "news"],
            "timezone": "Europe/Moscow",
        }
        for number in range(clients + (clients - 1) // OTHERS)
    ]
    with Session() as session:
        for first in range(0, len(rows), PAGE):
            session.execute(insert(Client), rows[first : first + PAGE])
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE clients"))


def begin() -> float:
    """Make a mailing, its messages and their tasks; when the first task was sent (Unix time)."""
    now = datetime.now(UTC)
    with Session() as session:
        mailing = Mailing(
            text="Спектакль «Чайка» сегодня в 19:00, ваши места ждут вас",
            operator_codes=["916", "926"],
            tags=["vip"],
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            status="running",
        )
        session.add(mailing)
        session.commit()
        if not MANNER.tuned:
            return _plainly(session, mailing)
        with app.producer_or_acquire() as producer:
            begun_at = 0.0
            for ids in _pages(session, mailing):
                begun_at = begun_at or time.time()
                for message_id in ids:
                    send_tuned.apply_async((message_id,), producer=producer)
        return begun_at


def _plainly(session: OrmSession, mailing: Mailing) -> float:
    clients = session.scalars(select(Client).where(*_filter(mailing)))
    messages = [Message(client=client, mailing=mailing) for client in clients]
    session.add_all(messages)
    session.flush()
    ids = [message.id for message in messages]
    session.commit()
    begun_at = time.time()
    for message_id in ids:
        send.delay(message_id)
    return begun_at


def _pages(session: OrmSession, mailing: Mailing) -> Iterator[Sequence[int]]:
    """Ids of new messages, a page of clients at a time: workers begin with the first."""
    chosen = select(Client.id).where(*_filter(mailing)).order_by(Client.id).limit(PAGE)
    mailing_id, last = mailing.id, 0
    while clients := session.scalars(chosen.where(Client.id > last)).all():
        rows = [{"mailing_id": mailing_id, "client_id": each} for each in clients]
        yield session.scalars(insert(Message).returning(Message.id), rows).all()
        last = clients[-1]


def _filter(mailing: Mailing) -> tuple[ColumnElement[bool], ...]:
    return (
        Client.operator_code.in_(mailing.operator_codes),
        Client.tags.overlap(mailing.tags),
    )


def stands() -> dict[str, int]:
    """Messages by status."""
    with Session() as session:
        rows = session.execute(
            select(Message.status, func.count().label("count")).group_by(Message.status)
        )
        return {row.status: row.count for row in rows}


def main(arguments: list[str]) -> int:
    """Do it and print what came of it as JSON; an exit status."""
    match arguments:
        case ["fill", clients]:
            fill(int(clients))
            print(json.dumps({}))
        case ["begin"]:
            used_s = time.process_time()
            begun_at = begin()
            cpu_s = time.process_time() - used_s
            print(json.dumps({"begun_at": begun_at, "cpu_s": cpu_s}))
        case ["stands"]:
            print(json.dumps(stands()))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
