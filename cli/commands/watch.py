"""`carillon mailings watch`: a mailing, live, until it has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli import pace, showing, times
from cli.audience import FINAL
from cli.commands.mailings import first_words
from cli.errors import Unreachable
from cli.options import AsJson, MailingId
from cli.session import Session, session_of

INTERVAL_S = 1.0
LOST_MAX = 10
"""Rounds without an answer before it gives up: a deployment may be busy for a moment."""

BAR_COLUMNS = 40


@dataclass(frozen=True)
class Look:
    """A mailing at one moment."""

    mailing: Any
    statistics: Any
    gateway: Any
    openings: list[str]
    at: datetime

    @property
    def counts(self) -> dict[str, int]:
        """Messages by status."""
        found: dict[str, int] = self.statistics["counts"]
        return found

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen: a cancelled one has still to settle what is pending."""
        return self.mailing["status"] in FINAL and self.counts["pending"] == 0

    @property
    def rate(self) -> float | None:
        """Messages per minute; None while it is too early to say."""
        return pace.per_minute(self.statistics["timeline"], self.at)

    @property
    def left_s(self) -> float | None:
        """None as well while some wait for their hours, and while the gateway is down."""
        if self.openings or self.gateway["status"] == "down":
            return None
        return pace.seconds_left(self.counts["pending"], self.rate)


def add_to(app: typer.Typer) -> None:
    """Give the group its command."""
    app.command("watch")(watch)


def watch(
    context: typer.Context,
    mailing: MailingId,
    interval: Annotated[
        float, typer.Option("--interval", min=0.2, help="Seconds between two looks.")
    ] = INTERVAL_S,
    as_json: AsJson = False,
) -> None:
    """Watch a mailing until it has ended; Ctrl-C only ends the watching.

    In a pipe a line is written whenever the numbers change, with --json an object.

    Example: `carillon mailings watch k3mzr5w7qyh2ab4c`
    """
    session = session_of(context)
    out = session.around.out
    if as_json or not out.is_terminal:
        _write_changes(session, mailing, interval, as_json=as_json)
        return
    seen = look(session, mailing)
    with Live(picture(seen, session), console=out, auto_refresh=False) as live:
        while not seen.has_ended:
            session.around.sleep(interval)
            seen = _look_again(session, mailing, seen)
            live.update(picture(seen, session), refresh=True)


def _write_changes(session: Session, mailing: str, interval: float, *, as_json: bool) -> None:
    seen, before = look(session, mailing), None
    while True:
        now = (seen.mailing["status"], seen.counts)
        if now != before:
            if as_json:
                showing.json_line({"status": seen.mailing["status"], **seen.statistics})
            else:
                at = times.full(seen.at, session.around.zone)
                status = showing.styled(seen.mailing["status"])
                session.around.out.print(f"{at}  {status}  {showing.counts_line(seen.counts)}")
        if seen.has_ended:
            return
        before = now
        session.around.sleep(interval)
        seen = _look_again(session, mailing, seen)


def look(session: Session, mailing_id: str) -> Look:
    """The mailing as it is now."""
    api = session.api
    mailing = api.get(f"/mailings/{mailing_id}")
    statistics = api.get(f"/mailings/{mailing_id}/stats")
    waves = api.get(f"/mailings/{mailing_id}/waves", limit=1)["items"]
    return Look(
        mailing=mailing,
        statistics=statistics,
        gateway=api.get("/gateway"),
        openings=[each["opens_at"] for each in waves],
        at=session.around.now(),
    )


def _look_again(session: Session, mailing_id: str, last: Look) -> Look:
    """The next look; some that fail are passed over."""
    for _ in range(LOST_MAX):
        try:
            return look(session, mailing_id)
        except Unreachable:
            session.around.sleep(INTERVAL_S)
    raise Unreachable(f"{session.deployment.name} has not answered for a while.", str(last.counts))


def picture(seen: Look, session: Session) -> RenderableType:
    """All of it, for a terminal of any width from 40 columns on."""
    zone, mailing, counts = session.around.zone, seen.mailing, seen.counts
    head = f"[bold]{mailing['id']}[/]  {showing.styled(mailing['status'])}"
    ends = f"ends {times.full(mailing['ends_at'], zone)}"
    return Group(
        Text.from_markup(head),
        Text(first_words(mailing["text"]), style="dim", no_wrap=True, overflow="ellipsis"),
        Text(),
        _bars(counts),
        Text(),
        Text.from_markup(happening(seen, session)),
        Text.from_markup(_gateway(seen.gateway)),
        Text(ends, style="dim"),
    )


def _bars(counts: dict[str, int]) -> Table:
    total = counts["total"]
    rows = Table.grid(padding=(0, 1), expand=False)
    rows.add_column(no_wrap=True)
    rows.add_column(justify="right", no_wrap=True)
    rows.add_column(justify="right", no_wrap=True)
    rows.add_column(max_width=BAR_COLUMNS, ratio=1)
    for status in showing.COUNTED:
        style = showing.STATUS_STYLES[status]
        share = counts[status] / total if total else 0
        rows.add_row(
            showing.styled(status),
            showing.number(counts[status]),
            f"[dim]{share:.1%}[/]",
            ProgressBar(
                total=total or 1,
                completed=counts[status],
                complete_style=style,
                finished_style=style,
                width=None,
            ),
        )
    return rows


def happening(seen: Look, session: Session) -> str:
    """One line: what goes on and how long it will take."""
    counts, status, zone = seen.counts, seen.mailing["status"], session.around.zone
    total = counts["total"]
    if status == "scheduled":
        return f"Starts {times.full(seen.mailing['starts_at'], zone)}."
    if seen.has_ended:
        return f"Done: {showing.number(counts['sent'])} of {showing.number(total)} sent."
    if status == "paused":
        return f"Paused: {showing.number(counts['pending'])} wait."
    if total == 0:
        return "Choosing whom to send to …"
    done = f"{showing.number(total - counts['pending'])} of {showing.number(total)}"
    rate = "" if seen.rate is None else f" · {showing.number(round(seen.rate))} a minute"
    if seen.openings and not seen.rate:
        return f"{done} · the rest waits until {times.full(seen.openings[0], zone)}"
    left = seen.left_s
    return done + rate + ("" if left is None else f" · about {times.span_words(left)} left")


GATEWAY_STYLES = {"well": "green", "idle": "dim", "troubled": "yellow", "down": "bold red"}


def _gateway(gateway: Any) -> str:
    status = gateway["status"]
    line = f"gateway [{GATEWAY_STYLES.get(status, 'default')}]{status}[/]"
    if gateway["minutes"]:
        line += f" · p95 {showing.number(gateway['minutes'][-1]['p95_ms'])} ms"
    if gateway["last_error"] and status in ("troubled", "down"):
        line += f" · {escape(gateway['last_error'])}"
    return line
