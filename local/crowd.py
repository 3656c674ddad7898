"""Clients in any number, put straight into the emulated tables.

The API adds some hundred a second. A measurement with 200,000 of them is not about adding clients,
so they are written as the API would have written them, thousands a second.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from carillon.adapters.client_items import client_item
from carillon.adapters.items import to_item
from carillon.models.client import Client, operator_code_of
from local.stack import LocalStack

BATCH = 25
"""Items in one BatchWriteItem, says DynamoDB."""
THREADS = 2
"""The emulator answers from one process: more would wait."""
PAUSE_S = 0.05
"""Before what the emulator put off is offered again."""


def settle(
    stack: LocalStack, number: int, *, tag: str, first: int = 0, timezone: str = "Europe/Moscow"
) -> list[Client]:
    """So many clients with this tag and the phone numbers from +7 900 000 00 00 + `first` on."""
    now = datetime.now(UTC)
    clients = [
        Client(
            id=uuid.uuid4().hex,
            phone=f"7900{n:07d}",
            operator_code=operator_code_of(f"7900{n:07d}"),
            tags=(tag,),
            timezone=timezone,
            created_at=now,
            updated_at=now,
        )
        for n in range(first, first + number)
    ]
    of = tables(stack)
    _write(stack, of["CLIENTS_TABLE"], map(client_item, clients))
    _write(
        stack,
        of["PHONES_TABLE"],
        (to_item({"phone": each.phone, "client_id": each.id}) for each in clients),
    )
    return clients


def tables(stack: LocalStack) -> dict[str, str]:
    """The tables' names as the API's function is told them."""
    found: dict[str, str] = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs["ApiFunction"]
    )["Environment"]["Variables"]
    return found


def _write(stack: LocalStack, table: str, items: Iterable[dict[str, Any]]) -> None:
    dynamodb = stack.client("dynamodb")

    def write(batch: Sequence[dict[str, Any]]) -> None:
        left = {table: [{"PutRequest": {"Item": item}} for item in batch]}
        while left:
            if left := dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]:
                time.sleep(PAUSE_S)

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(write, _batches(items)):
            pass


def _batches(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
