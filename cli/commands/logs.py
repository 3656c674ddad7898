"""`carillon logs`: everything that any function logged about a mailing, a message or a client."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from cli import showing, times
from cli.deployment import AwsOptions
from cli.errors import CliError, Misused, NotFound
from cli.options import Profile, Region, Stack
from cli.session import Session, session_of
from cli.story import reading, telling
from cli.story.reading import Told
from cli.story.subjects import (
    AtLeast,
    Client,
    Everything,
    Level,
    Mailing,
    Message,
    Request,
    Subject,
)

BEFORE = timedelta(minutes=1)
"""A function logs a little before the thing is stored, by a clock of its own."""

WITHOUT_BIRTH = timedelta(days=7)
"""How far back to look for what the API does not know any more."""

WITHOUT_ID = timedelta(hours=1)
"""How far back all is shown that a function said."""

FOLLOW_S = 2.0
LATE = timedelta(seconds=30)
"""Log events may show up this much after they were written."""

_ID = re.compile(r"[A-Za-z0-9-]+")

Function = Annotated[str | None, typer.Option(help="Of this function alone, such as sender.")]
AtLeastLevel = Annotated[
    Level | None, typer.Option("--level", help="Of this level and above.", case_sensitive=False)
]
Since = Annotated[
    str | None,
    typer.Option(help=f"{times.PAST_FORMS}.", show_default="when it was made; without an id 1h"),
]
Until = Annotated[str | None, typer.Option(help="The same; without it until now.")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is logged from now.")]


def add_to(app: typer.Typer) -> None:
    """Give the program its command."""
    app.command("logs")(logs)


def logs(
    context: typer.Context,
    mailing: Annotated[str | None, typer.Option(help="All about this mailing.")] = None,
    message: Annotated[str | None, typer.Option(help="All about this message.")] = None,
    client: Annotated[str | None, typer.Option(help="All about this client.")] = None,
    function: Function = None,
    level: AtLeastLevel = None,
    since: Since = None,
    until: Until = None,
    follow: Follow = False,
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    as_json: Annotated[bool, typer.Option("--json", help="The lines as they were logged.")] = False,
) -> None:
    """Tell the whole story of a mailing, message or client, in order, over all functions.

    With --function or --level alone, all that was logged so. It reads CloudWatch Logs with your AWS
    credentials; locally the emulated ones.

    Example: `carillon logs --mailing k3mzr5w7qyh2ab4c`
    """
    session = session_of(context, AwsOptions(profile=profile, region=region, stack=stack))
    subject = _subject(mailing, message, client, part=bool(function or level))
    around = session.around
    now = around.now()

    def at(text: str) -> datetime:
        return times.parse(text, now=now, zone=around.zone, past=True)

    begin = at(since) if since else _birth(session, subject, now)
    if follow and until:
        raise Misused("--follow has no end, --until is one.")
    show = _Teller(session, subject, as_json=as_json)
    groups = _groups(session, function)
    if level is not None:
        subject = AtLeast(level, subject)
    end = at(until) if until else None
    found = _read(session, groups, subject, since=begin, until=end)
    show(found)
    if not found and not follow:
        looked = f"Looked from {times.full(begin, around.zone)} on; --since says otherwise."
        raise NotFound("Nothing like that was logged.", looked)
    while follow:
        around.sleep(FOLLOW_S)
        since_now = max(begin, around.now() - LATE)
        show(_read(session, groups, subject, since=since_now, until=None))


def _groups(session: Session, function: str | None) -> dict[str, str]:
    groups = reading.log_groups(session.deployment.aws)
    if function is None:
        return groups
    if function not in groups:
        raise Misused(f"There is no function {function!r}.", f"They are {', '.join(groups)}.")
    return {function: groups[function]}


def _subject(
    mailing: str | None, message: str | None, client: str | None, *, part: bool
) -> Subject:
    named = [each for each in (mailing, message, client) if each is not None]
    if part and not named:
        return Everything()
    if len(named) != 1:
        raise Misused(
            "Name one: a --mailing, a --message or a --client.",
            "Or a --function or a --level, for all that was logged there.",
        )
    if not _ID.fullmatch(named[0]):
        raise Misused(f"{named[0]!r} is no id: letters, digits and -.")
    if mailing is not None:
        return Mailing(mailing)
    if client is not None:
        return Client(client)
    mailing_id, dash, client_id = named[0].partition("-")
    if not (mailing_id and dash and client_id):
        raise Misused(f"{named[0]!r} is no message's id: those are MAILING-CLIENT.")
    return Message(mailing_id, client_id)


def _birth(session: Session, subject: Subject, now: datetime) -> datetime:
    """When the story begins at the earliest: with the mailing, or the client."""
    if isinstance(subject, Everything):
        return now - WITHOUT_ID
    path = (
        f"/clients/{subject.id}" if isinstance(subject, Client) else f"/mailings/{subject.terms[0]}"
    )
    try:
        return times.parse_api(session.api.get(path)["created_at"]) - BEFORE
    except CliError as error:
        back = f"Looking {WITHOUT_BIRTH.days} days back; --since says otherwise."
        session.around.err.print(f"[dim]{error} {back}[/]")
        return now - WITHOUT_BIRTH


def _read(
    session: Session,
    groups: dict[str, str],
    subject: Subject,
    *,
    since: datetime,
    until: datetime | None,
) -> list[Told]:
    """The story; of a mailing also what was done for its creation before it had an id."""
    aws = session.deployment.aws
    found = reading.read(aws, groups, [subject], since=since, until=until)
    if not isinstance(subject, Mailing):
        return found
    begun_by = {str(each.line["correlation_id"]) for each in found if "correlation_id" in each.line}
    requests = [Request(each) for each in sorted(begun_by) if each]
    if len(requests) != 1 or "api" not in groups:
        return found
    asked = reading.read(aws, {"api": groups["api"]}, requests, since=since, until=until)
    return sorted(found + asked, key=lambda told: (told.at, told.function))


class _Teller:
    """Shows lines once each, with a heading for each day."""

    def __init__(self, session: Session, subject: Subject, *, as_json: bool) -> None:
        self._around = session.around
        self._known = frozenset((*subject.terms, "-".join(subject.terms)))
        self._as_json = as_json
        self._seen: set[str] = set()
        self._day = ""

    def __call__(self, lines: Iterable[Told]) -> None:
        zone = self._around.zone
        for told in lines:
            if told.event_id in self._seen:
                continue
            self._seen.add(told.event_id)
            if self._as_json:
                showing.raw_line(told.raw)
                continue
            day = telling.day(told, zone)
            if day != self._day:
                self._day = day
                name = times.zone_name(zone, told.at)
                self._around.out.print(f"[bold underline]{day}[/] [dim]{name}[/]")
            self._show(telling.cells(told, zone, known=self._known))

    def _show(self, cells: tuple[str, str, str]) -> None:
        """On a terminal what is long goes on below itself, in a pipe it stays on its line."""
        if not self._around.out.is_terminal:
            self._around.out.print(" ".join(cells), soft_wrap=True)
            return
        row = Table.grid(padding=(0, 1))
        row.add_column(no_wrap=True)
        row.add_column(no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(*cells)
        self._around.out.print(row)
