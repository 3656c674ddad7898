"""`carillon mailings list`, `show`, `edit` and `delete`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import audience, showing, times
from cli.commands.mailing_making import Hours, window
from cli.errors import Misused
from cli.options import LIMIT, All, AsJson, Limit, MailingId, Yes
from cli.session import Session, session_of

TEXT_SHOWN = 40
WIDE = 100
"""Columns that a list with ends and texts takes."""


def add_to(app: typer.Typer) -> None:
    """Give the group its commands."""
    app.command("list")(list_)
    app.command("show")(show)
    app.command("edit")(edit)
    app.command("delete")(delete)


def list_(
    context: typer.Context,
    status: Annotated[
        str | None,
        typer.Option(help="scheduled, running, paused, finished or cancelled."),
    ] = None,
    limit: Limit = LIMIT,
    every: All = False,
    as_json: AsJson = False,
) -> None:
    """List mailings, newest first.

    Example: `carillon mailings list --status running`
    """
    session = session_of(context)
    most = None if every else limit
    found = session.api.items("/mailings", most=most, status=status)
    if as_json:
        for mailing in found:
            showing.json_line(mailing)
        return
    zone = session.around.zone
    listed = showing.table("id", "status", "starts", "ends", "text", keep=("id", "status"))
    narrow = session.around.out.width < WIDE
    if narrow:
        listed = showing.table("id", "status", "starts", keep=("id", "status", "starts"))
    for mailing in found:
        if narrow:
            status = showing.styled(mailing["status"])
            listed.add_row(mailing["id"], status, times.short(mailing["starts_at"], zone))
            continue
        listed.add_row(
            mailing["id"],
            showing.styled(mailing["status"]),
            times.short(mailing["starts_at"], zone),
            times.short(mailing["ends_at"], zone),
            escape(first_words(mailing["text"])),
        )
    if not listed.row_count:
        session.around.out.print("No mailings.")
        return
    session.around.out.print(listed)
    told = f"Times are of {times.zone_name(zone, session.around.now())}."
    if most is not None and listed.row_count == most:
        told += f" The first {most}. More: --limit, --all"
    session.around.err.print(f"[dim]{told}[/]")


def first_words(text: str) -> str:
    """A text on one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_SHOWN else f"{line[: TEXT_SHOWN - 1]}…"


def show(context: typer.Context, mailing: MailingId, as_json: AsJson = False) -> None:
    """Show a mailing and how far it is.

    Example: `carillon mailings show k3mzr5w7qyh2ab4c`
    """
    session = session_of(context)
    found = session.api.get(f"/mailings/{mailing}")
    if as_json:
        showing.json_line(found)
        return
    statistics = session.api.get(f"/mailings/{mailing}/stats")
    rows = [*_facts(session, found), ("messages", showing.counts_line(statistics["counts"]))]
    if statistics["attempts"]:
        rows.append(("calls", f"{showing.number(statistics['attempts'])} to the gateway"))
    rows += [
        ("error", f"{showing.number(each['messages'])} × {escape(each['error'])}")
        for each in statistics["errors"]
    ]
    session.around.out.print(showing.facts(rows))


def _facts(session: Session, mailing: Any) -> list[tuple[str, str]]:
    zone, wanted = session.around.zone, mailing["filter"]
    rows = [
        ("id", mailing["id"]),
        ("status", showing.styled(mailing["status"])),
        ("text", escape(mailing["text"])),
        ("starts", times.full(mailing["starts_at"], zone)),
        ("ends", times.full(mailing["ends_at"], zone)),
        ("to", filter_words(wanted)),
    ]
    hours = mailing["time_window"]
    if hours:
        rows.append(("hours", f"{hours['start']} to {hours['end']} on their own clocks"))
    made = times.full(mailing["created_at"], zone)
    rows.append(("made", f"{made} by {mailing['created_by'] or 'nobody known'}"))
    rows.append(("version", str(mailing["version"])))
    return rows


def filter_words(wanted: Any) -> str:
    """Whom a mailing is for."""
    parts = []
    if wanted["tags"]:
        parts.append(f"tagged {escape(' or '.join(wanted['tags']))}")
    if wanted["operator_codes"]:
        parts.append(f"with the code {' or '.join(wanted['operator_codes'])}")
    return " and ".join(parts) or "everybody"


def edit(
    context: typer.Context,
    mailing: MailingId,
    text: Annotated[str | None, typer.Option(help="For what is not yet sent.")] = None,
    starts_at: Annotated[str | None, typer.Option(help="Only before the start.")] = None,
    ends_at: Annotated[str | None, typer.Option(help=f"{times.FORMS}.")] = None,
    hours: Hours = None,
    no_hours: Annotated[bool, typer.Option("--no-hours", help="At any hour.")] = False,
    as_json: AsJson = False,
) -> None:
    """Change a mailing: everything before its start, then text, end and hours.

    Example: `carillon mailings edit k3mzr5w7qyh2ab4c --ends-at +2h`
    """
    session = session_of(context)
    around, changes = session.around, dict[str, Any]()
    if text is not None:
        changes["text"] = text
    for name, given in (("starts_at", starts_at), ("ends_at", ends_at)):
        if given is not None:
            at = times.parse(given, now=around.now(), zone=around.zone)
            changes[name] = times.to_api(at)
    if hours is not None or no_hours:
        changes["time_window"] = window(hours) if hours and not no_hours else None
    if not changes:
        raise Misused("Nothing to change was named.")
    changed = session.api.call("PATCH", f"/mailings/{mailing}", body=changes).json()
    if as_json:
        showing.json_line(changed)
        return
    around.out.print(showing.facts(_facts(session, changed)))


def delete(context: typer.Context, mailing: MailingId, yes: Yes = False) -> None:
    """Stop a mailing, and hide it and its messages for good.

    Example: `carillon mailings delete k3mzr5w7qyh2ab4c`
    """
    session = session_of(context)
    if not yes:
        found = session.api.get(f"/mailings/{mailing}")
        counts = audience.counts(session, mailing)
        session.confirm(
            f"Delete the {found['status']} mailing {mailing} with"
            f" {showing.number(counts['total'])} messages,"
            f" {showing.number(counts['pending'])} of them still to be sent?",
            yes=yes,
        )
    session.api.call("DELETE", f"/mailings/{mailing}")
    session.around.err.print(f"[green]✓[/] Deleted {mailing}.")
