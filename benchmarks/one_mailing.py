"""One mailing, or one idle tick, in one process, and what it asks of AWS."""

import json
from datetime import timedelta
from typing import Final

from benchmarks.aws_in_process import Definitions
from benchmarks.bill import Tick
from benchmarks.counting import Counts, marginal
from benchmarks.one_process import Shape, World, world
from carillon.adapters.client_items import client_item
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.system import SystemClock
from carillon.models.client import Client
from carillon.models.commands import Tick as TickCommand
from carillon.models.mailing import Filter, Mailing

TEXT: Final = "Ваш заказ собран и ждёт вас до воскресенья. Ждём с 9 до 21 часа."
"""One part of UCS-2, as most texts of a shop are."""


def count_mailing(definitions: Definitions, clients: int, shape: Shape | None = None) -> Counts:
    """A mailing to so many clients, from its creation until it is closed; all are sent at once.

    RuntimeError when one of them was not.
    """
    with world(definitions, shape) as ours:
        send_mailing(ours, clients)
        if ours.gateway.calls != clients:
            raise RuntimeError(f"{ours.gateway.calls} calls for {clients} clients")
        return ours.counts(messages=clients)


def send_mailing(ours: World, clients: int) -> None:
    """Have it made and sent; ids are as long as drawn ones."""
    now = SystemClock().now()
    ours.aws.put(ours.table("Clients"), [client_item(_client(number)) for number in range(clients)])
    mailings = MailingsTable(
        ours.client("dynamodb"), ours.table("Mailings"), keys=ours.table("Idempotency")
    )
    mailing = Mailing(
        id="m" * 16,
        text=TEXT,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        filter=Filter(),
        created_at=now,
        updated_at=now,
        due_at=now,
        correlation_id="JKJaXmPLvHcESHA=",
    )
    mailings.add(mailing, None)
    ours.settle()


def count_tick(definitions: Definitions, shape: Shape | None = None) -> Tick:
    """One tick where nothing is due, as in each minute of an idle month.

    The second of two: what a function does once in its life is not done each minute.
    """
    with world(definitions, shape) as ours:
        counts = []
        for _ in range(2):
            ours.aws.give("fanout", TickCommand().model_dump_json())
            ours.settle()
            counts.append(ours.counts(messages=0))
        metrics = {name for line in ours.lines for name in emitted(line)}
    return Tick(counts=marginal(*counts), metrics=len(metrics))


def emitted(line: str) -> list[str]:
    """The metrics that CloudWatch takes from a line of a log."""
    try:
        directives = json.loads(line).get("_aws", {}).get("CloudWatchMetrics", [])
    except ValueError:
        return []
    return [metric["Name"] for each in directives for metric in each["Metrics"]]


def _client(number: int) -> Client:
    now = SystemClock().now()
    return Client(
        id=f"{number:016d}",
        phone=f"7900{number:07d}",
        operator_code="900",
        tags=("regular",),
        timezone="Europe/Moscow",
        created_at=now,
        updated_at=now,
    )
