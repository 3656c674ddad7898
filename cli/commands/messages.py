"""`carillon messages`: what became of each."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import showing, times
from cli.errors import Misused
from cli.options import LIMIT, All, AsJson, Limit
from cli.session import Session, session_of


def add_to(app: typer.Typer) -> None:
    """Give the program its command."""
    app.command("messages")(messages)


def messages(
    context: typer.Context,
    message: Annotated[
        str | None, typer.Argument(metavar="MESSAGE", help="One of them, by its id.")
    ] = None,
    mailing: Annotated[str | None, typer.Option(help="Those of this mailing.")] = None,
    client: Annotated[str | None, typer.Option(help="Those to this client, by id.")] = None,
    status: Annotated[
        str | None,
        typer.Option(help="pending, sent, failed, unknown, expired or cancelled."),
    ] = None,
    limit: Limit = LIMIT,
    every: All = False,
    as_json: AsJson = False,
) -> None:
    """List a mailing's or a client's messages, or show one.

    Example: `carillon messages --mailing k3mzr5w7qyh2ab4c --status failed`
    """
    session = session_of(context)
    if sum(each is not None for each in (message, mailing, client)) != 1:
        raise Misused("Name one: a MESSAGE, a --mailing or a --client.")
    if message is not None:
        _show_one(session, session.api.get(f"/messages/{message}"), as_json=as_json)
        return
    most = None if every else limit
    found = session.api.items(
        "/messages", most=most, mailing_id=mailing, client_id=client, status=status
    )
    if as_json:
        for each in found:
            showing.json_line(each)
        return
    other = "client" if mailing else "mailing"
    listed = showing.table(
        other, "status", "tries", "when", "why", right=("tries",), keep=(other, "status")
    )
    for each in found:
        listed.add_row(*_row(each, other, session))
    session.around.out.print(listed if listed.row_count else "No messages.")
    if most is not None and listed.row_count >= most:
        session.around.err.print(f"[dim]The first {most}. More: --limit, --all[/]")


def _row(each: Any, other: str, session: Session) -> tuple[str, ...]:
    at = each["sent_at"] or (each["not_before"] if each["status"] == "pending" else None)
    when = times.short(at, session.around.zone) if at else ""
    return (
        each[f"{other}_id"],
        showing.styled(each["status"]),
        str(each["attempts"]),
        f"from {when}" if when and not each["sent_at"] else when,
        escape(why(each)),
    )


def why(message: Any) -> str:
    """The reason and the last error, as far as there are any."""
    reason, error = message["reason"], message["last_error"]
    return ": ".join(part for part in (reason, error) if part)


def _show_one(session: Session, message: Any, *, as_json: bool) -> None:
    if as_json:
        showing.json_line(message)
        return
    zone = session.around.zone
    rows = [
        ("id", message["id"]),
        ("mailing", message["mailing_id"]),
        ("client", message["client_id"]),
        ("status", showing.styled(message["status"])),
        ("why", escape(why(message)) or "—"),
        ("tries", str(message["attempts"])),
        ("made", times.full(message["created_at"], zone)),
        ("not before", times.full(message["not_before"], zone)),
        ("sent", times.full(message["sent_at"], zone) if message["sent_at"] else "—"),
        ("gateway id", message["gateway_id"]),
    ]
    session.around.out.print(showing.facts(rows))
    session.around.err.print(f"[dim]Its story: carillon logs --message {message['id']}[/]")
