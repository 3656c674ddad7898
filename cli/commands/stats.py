"""`carillon stats`: the counts, of all mailings or of one."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import showing, times
from cli.options import All, AsJson, Limit
from cli.session import Session, session_of

MAILINGS_SHOWN = 20
WIDE = 84
"""Columns that the table of all mailings takes."""

SHORT = {"cancelled": "canc.", "unknown": "unkn.", "expired": "exp."}


def add_to(app: typer.Typer) -> None:
    """Give the program its command."""
    app.command("stats")(stats)


def stats(
    context: typer.Context,
    mailing: Annotated[
        str | None, typer.Argument(metavar="MAILING", help="Of this one, minute by minute.")
    ] = None,
    limit: Limit = MAILINGS_SHOWN,
    every: All = False,
    as_json: AsJson = False,
) -> None:
    """Show the counts of all mailings, or those of one with its minutes.

    Example: `carillon stats`
    """
    session = session_of(context)
    if mailing is not None:
        _one(session, session.api.get(f"/mailings/{mailing}/stats"), as_json=as_json)
        return
    overall = session.api.get("/stats", limit=1)["counts"]
    found = session.api.items("/stats", most=None if every else limit)
    if as_json:
        showing.json_line({"counts": overall})
        for each in found:
            showing.json_line(each)
        return
    if session.around.out.width < WIDE:
        for each in found:
            status = showing.styled(each["status"])
            session.around.out.print(f"[bold]{each['mailing_id']}[/] {status}")
            session.around.out.print(f"  {showing.counts_line(each['counts'])}")
        session.around.out.print(f"[bold]all ever[/]\n  {showing.counts_line(overall)}")
        return
    listed = _table("mailing", "status")
    for each in found:
        listed.add_row(each["mailing_id"], showing.styled(each["status"]), *_cells(each["counts"]))
    listed.add_section()
    listed.add_row("[bold]all ever[/]", "", *_cells(overall))
    session.around.out.print(listed)


def _table(*first: str) -> Any:
    numbers = [SHORT.get(each, each) for each in showing.COUNTED]
    return showing.table(*first, *numbers, right=numbers, keep=first)


def _cells(counts: Any) -> list[str]:
    return [showing.number(counts[each]) if counts[each] else "·" for each in showing.COUNTED]


def _one(session: Session, statistics: Any, *, as_json: bool) -> None:
    if as_json:
        showing.json_line(statistics)
        return
    out, zone = session.around.out, session.around.zone
    rows = [
        ("mailing", statistics["mailing_id"]),
        ("status", showing.styled(statistics["status"])),
        ("messages", showing.counts_line(statistics["counts"])),
        ("calls", showing.number(statistics["attempts"])),
        *(
            ("error", f"{showing.number(each['messages'])} × {escape(each['error'])}")
            for each in statistics["errors"]
        ),
    ]
    out.print(showing.facts(rows))
    if not statistics["timeline"]:
        return
    columns = ["sent", "failed", "unkn.", "exp.", "canc.", "retried"]
    listed = showing.table("minute", *columns, right=columns, keep=["minute"])
    for minute in statistics["timeline"]:
        names = ("sent", "failed", "unknown", "expired", "cancelled", "retried")
        cells = [showing.number(minute[name]) if minute[name] else "·" for name in names]
        listed.add_row(times.short(minute["minute"], zone), *cells)
    out.print(listed)
    session.around.err.print(f"[dim]Times are of {times.zone_name(zone, session.around.now())}.[/]")
