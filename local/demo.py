"""The main job, shown: made-up clients, one mailing to some of them, an account of every message.

It uses nothing but the HTTP API, as any integrator would, and asks the stand-in gateway at the end
what really arrived there.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local.demo_api import Api
from local.demo_clients import FILTER, made_up_clients
from local.errors import LocalError
from local.gateway import Control

TEXT = "Завтра в 19:00 ваш любимый спектакль. Билеты ждут вас в кассе театра."
LASTS = timedelta(hours=2)

THREADS = 4
"""Enough to keep the emulator busy on two cores."""
STATUSES = ("sent", "failed", "unknown", "expired", "cancelled", "pending")

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the demo waits for what, in seconds."""

    between_looks_s: float = 0.5
    lists_s: float = 5
    """Lists see a new client within a second; a busy machine gets more."""
    counts_s: float = 10
    """When the counts of a finished mailing stood still for so long, they are its last."""
    mailing_s: float = 600
    """Some hundreds of messages take seconds; a machine that needs more has another problem."""


PATIENCE = Patience()


def run(
    *,
    base_url: str,
    gateway_url: str | None,
    interactive: bool,
    token: Callable[[], str],
    patience: Patience = PATIENCE,
) -> int:
    """Show it all; 0 when every message is accounted for, else 1 and a message that says why.

    `gateway_url` is the stand-in's address; with another gateway its own count is left out.
    """
    console = Console(highlight=False, soft_wrap=True)
    api = Api(base_url, token)
    try:
        with api.session:
            return _show(api, gateway_url, console, patience, interactive=interactive)
    except (LocalError, requests.RequestException) as error:
        console.print(f"The demo stopped: {error}", style="red", markup=False)
        return 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the mailing went."""

    counts: dict[str, int]
    took_s: float


def _show(
    api: Api, gateway_url: str | None, console: Console, patience: Patience, *, interactive: bool
) -> int:
    _bring_clients(api, console, interactive=interactive)
    audience = _count_audience(api, patience)
    accepted_before = _accepted_by(gateway_url)
    mailing = _create_mailing(api)
    with _bar(console, "Sending", audience, interactive=interactive) as advance:
        delivery = _watch(api, mailing["id"], audience, patience, advance)
    accepted = None
    if accepted_before is not None and (accepted_after := _accepted_by(gateway_url)) is not None:
        accepted = accepted_after - accepted_before
    _report(api, mailing["id"], delivery, accepted, console)
    wrong = _what_is_wrong(delivery.counts, audience, accepted)
    if wrong:
        console.print(wrong, style="red")
    return 1 if wrong else 0


def _bring_clients(api: Api, console: Console, *, interactive: bool) -> None:
    clients = made_up_clients()
    added = 0
    with (
        _bar(console, "Clients", len(clients), interactive=interactive) as advance,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        for done, is_new in enumerate(pool.map(api.add_client, clients), start=1):
            added += is_new
            advance(done)
    known = len(clients) - added
    also = f", {known} were there from an earlier run" if known else ""
    console.print(f"{added} made-up clients added{also}.")


def _count_audience(api: Api, patience: Patience) -> int:
    """How many clients match by the API's own lists: the mailing is held against that."""
    expected = sum(
        client.operator_code in FILTER["operator_codes"]
        and not set(client.tags).isdisjoint(FILTER["tags"])
        for client in made_up_clients()
    )
    deadline = time.monotonic() + patience.lists_s
    while True:
        found = {
            client["id"]
            for operator_code in FILTER["operator_codes"]
            for tag in FILTER["tags"]
            for client in api.clients(operator_code=operator_code, tag=tag)
        }
        if len(found) >= expected or time.monotonic() > deadline:
            return len(found)
        time.sleep(patience.between_looks_s)


def _create_mailing(api: Api) -> Any:
    now = datetime.now(UTC)
    return api.create(
        "/mailings",
        {
            "text": TEXT,
            "starts_at": now.isoformat(),
            "ends_at": (now + LASTS).isoformat(),
            "filter": FILTER,
        },
    )


def _watch(
    api: Api, mailing_id: str, audience: int, patience: Patience, advance: Advance
) -> Delivery:
    """Wait until the mailing is finished; its time ends with the last change of the counts."""
    counts: dict[str, int] = {}
    began = changed = time.monotonic()
    while time.monotonic() < began + patience.mailing_s:
        statistics = api.get(f"/mailings/{mailing_id}/stats")
        if statistics["counts"] != counts:
            counts, changed = statistics["counts"], time.monotonic()
        settled = counts["total"] - counts["pending"]
        advance(settled)
        still_s = time.monotonic() - changed
        if statistics["status"] == "finished" and (
            settled >= audience or still_s > patience.counts_s
        ):
            return Delivery(counts, changed - began)
        time.sleep(patience.between_looks_s)
    raise LocalError(f"the mailing is not finished in {patience.mailing_s} s; its counts: {counts}")


def _what_is_wrong(counts: dict[str, int], audience: int, accepted: int | None) -> str | None:
    by_status = sum(counts[status] for status in STATUSES)
    if by_status != counts["total"]:
        return f"The counts do not add up: {by_status} by status, {counts['total']} in total."
    if by_status != audience:
        return f"{audience} clients match the filter, but {by_status} messages are accounted for."
    if accepted is not None and accepted < counts["sent"]:
        return f"{counts['sent']} messages count as sent, but the gateway accepted {accepted}."
    return None


def _accepted_by(gateway_url: str | None) -> int | None:
    """What the stand-in says it accepted so far; None if that is another gateway or none."""
    if gateway_url is None:
        return None
    try:
        with Control(gateway_url.removesuffix("/").removesuffix("/v1")) as control:
            return control.summary().accepted
    except (requests.RequestException, TypeError):
        return None


def _report(
    api: Api, mailing_id: str, delivery: Delivery, accepted: int | None, console: Console
) -> None:
    table = Table(title="Messages")
    table.add_column("status")
    table.add_column("messages", justify="right")
    for status in STATUSES:
        table.add_row(status, str(delivery.counts[status]))
    table.add_section()
    table.add_row("total", str(delivery.counts["total"]), style="bold")
    console.print(table)
    rate = delivery.counts["sent"] / delivery.took_s
    console.print(
        f"{delivery.took_s:.1f} s from the creation of the mailing to its last message, "
        f"{rate:.0f} messages a second."
    )
    if accepted is not None:
        console.print(f"The gateway itself counted {accepted} accepted messages.")
    console.print(f"This mailing:  {api.base_url}/#/mailings/{mailing_id}")
    console.print(f"The API:       {api.base_url}/docs")


@contextmanager
def _bar(console: Console, title: str, total: int, *, interactive: bool) -> Iterator[Advance]:
    """A live bar on a terminal, a line at each tenth anywhere else."""
    if not interactive:
        yield _lines(console, title, total)
        return
    columns = (TextColumn(f"{title:8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done: bar.update(task, completed=done)


def _lines(console: Console, title: str, total: int) -> Advance:
    told = -1

    def advance(done: int) -> None:
        nonlocal told
        tenth = done * 10 // max(total, 1)
        if tenth > told:
            told = tenth
            console.print(f"{title}: {done} of {total}")

    return advance
