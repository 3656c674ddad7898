"""`carillon clients`: the directory."""

from __future__ import annotations

import re
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import showing, times
from cli.errors import NotFound
from cli.options import LIMIT, All, AsJson, ClientId, Limit, Tags, Yes
from cli.session import Session, session_of

Phone = Annotated[str, typer.Argument(metavar="PHONE", help="7 and ten digits.")]
OneTag = Annotated[str | None, typer.Option("--tag", help="Those with this tag.")]
OneCode = Annotated[str | None, typer.Option("--operator-code", help="Those with this code.")]
_PHONE = re.compile(r"7\d{10}")


def add_to(app: typer.Typer) -> None:
    """Give the group its commands."""
    for command in (add, list_, show, edit, delete, export):
        app.command(command.__name__.rstrip("_"))(command)


def add(
    context: typer.Context,
    phone: Phone,
    timezone: Annotated[str, typer.Option("--timezone", help="Theirs: Europe/Moscow.")],
    tag: Tags = None,
    operator_code: Annotated[
        str | None, typer.Option(help="Three digits, if not those of the phone.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add one client.

    Example: `carillon clients add 79000000001 --timezone Europe/Moscow --tag vip`
    """
    session = session_of(context)
    body: dict[str, Any] = {"phone": phone, "timezone": timezone, "tags": tag or []}
    if operator_code is not None:
        body["operator_code"] = operator_code
    _show(session, session.api.create("/clients", body), as_json=as_json)


def list_(
    context: typer.Context,
    tag: OneTag = None,
    operator_code: OneCode = None,
    phone: Annotated[str | None, typer.Option(help="The one with this phone.")] = None,
    limit: Limit = LIMIT,
    every: All = False,
    as_json: AsJson = False,
) -> None:
    """List clients, all or those that match.

    Example: `carillon clients list --tag vip --limit 10`
    """
    session = session_of(context)
    query = {"tag": tag, "operator_code": operator_code, "phone": phone}
    most = None if every else limit
    found = session.api.items("/clients", most=most, **query)
    if as_json:
        for client in found:
            showing.json_line(client)
        return
    listed = showing.table("id", "phone", "code", "time zone", "tags", keep=("id", "phone"))
    for client in found:
        listed.add_row(
            client["id"],
            client["phone"],
            client["operator_code"],
            client["timezone"],
            escape(", ".join(client["tags"])),
        )
    session.around.out.print(listed if listed.row_count else "No clients.")
    if most is not None and listed.row_count == most:
        session.around.err.print(f"[dim]The first {most}. More: --limit, --all[/]")


def show(context: typer.Context, client: ClientId, as_json: AsJson = False) -> None:
    """Show one client, by id or phone.

    Example: `carillon clients show 79000000001`
    """
    session = session_of(context)
    _show(session, find(session, client), as_json=as_json)


def edit(
    context: typer.Context,
    client: ClientId,
    phone: Annotated[str | None, typer.Option(help="The new number.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The new time zone.")] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag", metavar="TAG", help="All tags from now on; again for more.", show_default=False
        ),
    ] = None,
    operator_code: Annotated[str | None, typer.Option(help="Three digits.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a client; what is not named stays as it is.

    Example: `carillon clients edit 79000000001 --tag vip --tag theatre`
    """
    session = session_of(context)
    named = {"phone": phone, "timezone": timezone, "tags": tag, "operator_code": operator_code}
    changes = {name: value for name, value in named.items() if value is not None}
    path = f"/clients/{find(session, client)['id']}"
    _show(session, session.api.call("PATCH", path, body=changes).json(), as_json=as_json)


def delete(context: typer.Context, client: ClientId, yes: Yes = False) -> None:
    """Delete a client and erase the person's data; pending messages to them end as cancelled.

    Example: `carillon clients delete 79000000001 --yes`
    """
    session = session_of(context)
    found = find(session, client)
    session.confirm(f"Delete the client {found['id']} (1 person)?", yes=yes)
    session.api.call("DELETE", f"/clients/{found['id']}")
    session.around.err.print(f"[green]✓[/] Deleted {found['id']}.")


def export(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to; without it to the standard output.")
    ] = None,
    tag: OneTag = None,
    operator_code: OneCode = None,
) -> None:
    """Write clients as CSV, as `carillon clients import` reads it.

    Example: `carillon clients export vips.csv --tag vip`
    """
    session = session_of(context)
    pages = session.api.csv("/clients/export", tag=tag, operator_code=operator_code)
    if file is None:
        for page in pages:
            session.around.out.file.write(page.decode())
        return
    # Beside it first: what is there already is not lost to a download that breaks off.
    unfinished = file.with_name(f"{file.name}.part")
    rows = 0
    with unfinished.open("wb") as opened:
        for page in pages:
            opened.write(page)
            rows += page.count(b"\n")
    unfinished.replace(file)
    session.around.err.print(
        f"[green]✓[/] {escape(str(file))}: {showing.number(max(0, rows - 1))} rows"
    )


def find(session: Session, client: str) -> Any:
    """A client by id or phone; `NotFound`."""
    if not _PHONE.fullmatch(client):
        return session.api.get(f"/clients/{client}")
    found = list(session.api.items("/clients", phone=client))
    if not found:
        raise NotFound(f"No client has the phone {client}.")
    return found[0]


def _show(session: Session, client: Any, *, as_json: bool) -> None:
    if as_json:
        showing.json_line(client)
        return
    session.around.out.print(showing.facts(_facts(client, session.around.zone)))


def _facts(client: Any, zone: tzinfo) -> list[tuple[str, str]]:
    return [
        ("id", client["id"]),
        ("phone", client["phone"]),
        ("operator code", client["operator_code"]),
        ("tags", escape(", ".join(client["tags"])) or "none"),
        ("time zone", client["timezone"]),
        ("added", times.full(client["created_at"], zone)),
        ("changed", times.full(client["updated_at"], zone)),
        ("version", str(client["version"])),
    ]
