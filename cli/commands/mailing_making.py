"""`carillon mailings create` and `preview`: what it would be is shown before it is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import audience, showing, times
from cli.errors import Misused
from cli.options import AsJson, Codes, Tags, Yes
from cli.session import Session, session_of

ZONES_SHOWN = 6

Text = Annotated[str | None, typer.Option("--text", help="What they get.")]
Starts = Annotated[
    str | None, typer.Option("--starts-at", help=f"When: {times.FORMS}.", show_default="now")
]
Ends = Annotated[str | None, typer.Option("--ends-at", help="Nothing is sent from then on.")]
Hours = Annotated[
    str | None, typer.Option("--hours", help="Only while their own clocks say so: 09:00-21:00.")
]
File = Annotated[
    Path | None,
    typer.Option("--file", help="A JSON object with the API's fields; options come before it."),
]


def add_to(app: typer.Typer) -> None:
    """Give the group its commands."""
    app.command("create")(create)
    app.command("preview")(preview)


def create(
    context: typer.Context,
    text: Text = None,
    starts_at: Starts = None,
    ends_at: Ends = None,
    tag: Tags = None,
    operator_code: Codes = None,
    hours: Hours = None,
    file: File = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="No --tag and no --operator-code: to everybody.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make a mailing. Whom it reaches is shown, then it is asked once.

    Example: `carillon mailings create --text "Coffee is on us" --tag vip --ends-at +8h`
    """
    session = session_of(context)
    body = _body(
        session,
        file,
        {"text": text, "starts_at": starts_at, "ends_at": ends_at, "hours": hours},
        {"tags": tag, "operator_codes": operator_code},
    )
    for name, option in (("text", "--text"), ("ends_at", "--ends-at")):
        if body.get(name) is None:
            raise Misused(f"A mailing needs {option}.")
    if not any(body["filter"].values()) and not everybody:
        raise Misused("No --tag and no --operator-code: say --everybody if that is meant.")
    if not yes:
        seen = audience.preview(session, body)
        _show(session, body, seen)
        to = showing.people(seen["recipients"], exact=seen["exact"])
        session.confirm(f"Send to {to}?", yes=yes)
    made = session.api.create("/mailings", body)
    if as_json:
        showing.json_line(made)
        return
    session.around.err.print(f"[green]✓[/] Made. Watch it: carillon mailings watch {made['id']}")
    session.around.out.print(made["id"])


def preview(
    context: typer.Context,
    text: Text = None,
    starts_at: Starts = None,
    ends_at: Ends = None,
    tag: Tags = None,
    operator_code: Codes = None,
    hours: Hours = None,
    file: File = None,
    as_json: AsJson = False,
) -> None:
    """Show whom a mailing would reach; nothing is made.

    Example: `carillon mailings preview --tag vip --hours 09:00-21:00 --ends-at +8h`
    """
    session = session_of(context)
    body = _body(
        session,
        file,
        {"text": text, "starts_at": starts_at, "ends_at": ends_at, "hours": hours},
        {"tags": tag, "operator_codes": operator_code},
    )
    seen = audience.preview(session, body)
    if as_json:
        showing.json_line(seen)
        return
    _show(session, body, seen)


def _body(
    session: Session,
    file: Path | None,
    named: dict[str, str | None],
    lists: dict[str, list[str] | None],
) -> dict[str, Any]:
    """The API's fields: those of the file, and over them what the options name."""
    body = _read(file) if file else {}
    around = session.around
    now = around.now()
    for name in ("starts_at", "ends_at"):
        given = named[name]
        if given is not None:
            at = times.parse(given, now=now, zone=around.zone)
            body[name] = times.to_api(at)
    body.setdefault("starts_at", times.to_api(now))
    if named["text"] is not None:
        body["text"] = named["text"]
    if named["hours"] is not None:
        body["time_window"] = window(named["hours"])
    wanted = body.setdefault("filter", {})
    if not isinstance(wanted, dict):
        raise Misused(f"{file}: `filter` is no object.")
    wanted.update({name: values for name, values in lists.items() if values})
    return body


def window(hours: str) -> dict[str, str]:
    """`09:00-21:00` as the API's window."""
    start, dash, end = hours.partition("-")
    if not dash:
        raise Misused(f"{hours!r} are no hours.", "For example 09:00-21:00.")
    return {"start": start.strip(), "end": end.strip()}


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Misused(f"{file} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Misused(f"{file} holds no JSON object.")
    return found


def _show(session: Session, body: dict[str, Any], seen: Any) -> None:
    """What it would be, for whoever decides."""
    out, zone = session.around.err, session.around.zone
    hours = body.get("time_window")
    rows = [("to", f"[bold]{showing.people(seen['recipients'], exact=seen['exact'])}[/]")]
    if body.get("text"):
        rows.append(("text", escape(body["text"])))
    if seen["sms_parts"]:
        parts = f"{seen['sms_parts']} SMS part{'s' * (seen['sms_parts'] > 1)} each"
        rows.append(("length", f"{seen['units']} units of {seen['encoding']}, {parts}"))
    rows.append(("starts", times.full(body["starts_at"], zone)))
    if body.get("ends_at"):
        rows.append(("ends", times.full(body["ends_at"], zone)))
    if hours:
        rows.append(("hours", f"{hours['start']} to {hours['end']} on their own clocks"))
    out.print(showing.facts(rows))
    if seen["zones"]:
        out.print(_zones(seen["zones"], session))


def _zones(zones: list[Any], session: Session) -> Any:
    listed = showing.table("time zone", "people", "first written to", right=("people",))
    for zone in zones[:ZONES_SHOWN]:
        first = zone["first_opening"]
        when = times.short(first, session.around.zone) if first else "[red]not before the end[/]"
        listed.add_row(zone["timezone"], showing.number(zone["recipients"]), when)
    rest = zones[ZONES_SHOWN:]
    if rest:
        more = sum(zone["recipients"] for zone in rest)
        listed.add_row(f"[dim]{len(rest)} more zones[/]", showing.number(more), "")
    return listed
