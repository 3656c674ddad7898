"""`carillon doctor`: is it well, and if not, what is to be done?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli import showing
from cli.deployment import AwsOptions
from cli.doctoring import (
    account_checks,
    api_checks,
    counter_checks,
    gateway_checks,
    queue_checks,
    schedule_checks,
)
from cli.doctoring.findings import Check, Finding, Patient, State, examine
from cli.options import AsJson, Profile, Region, Stack
from cli.session import Session, session_of

MARKS = {State.OK: "[green]✓[/]", State.WARNING: "[yellow]![/]", State.PROBLEM: "[red]✗[/]"}
STYLES = {State.OK: "default", State.WARNING: "yellow", State.PROBLEM: "bold red"}

FIRST: tuple[tuple[str, Check], ...] = (
    ("API", api_checks.answers),
    ("sign-in", api_checks.sign_in),
)
REST: tuple[tuple[str, Check], ...] = (
    ("stack", account_checks.stack),
    ("gateway", gateway_checks.reachable),
    ("gateway calls", gateway_checks.calls),
    ("gateway token", gateway_checks.token),
    ("dead letters", queue_checks.dead_letters),
    ("queues", queue_checks.waiting),
    ("tick", schedule_checks.tick),
    ("schedules", schedule_checks.match),
    ("counters", counter_checks.match),
    ("functions", account_checks.functions),
    ("alarms", account_checks.alarms),
)


def add_to(app: typer.Typer) -> None:
    """Give the program its command."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    recount: Annotated[
        bool, typer.Option("--recount", help="Have counters recounted, and repaired if wrong.")
    ] = False,
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Examine a deployment. No message is sent; without --recount nothing is changed.

    The exit code is 1 if there is a problem; warnings alone leave it 0.

    Example: `carillon doctor`
    """
    session = session_of(context, AwsOptions(profile=profile, region=region, stack=stack))
    findings = _findings(session, recount=recount, as_json=as_json)
    problems = sum(each.state is State.PROBLEM for each in findings)
    warnings = sum(each.state is State.WARNING for each in findings)
    if not as_json:
        told = [
            _number(count, word)
            for count, word in ((problems, "problem"), (warnings, "warning"))
            if count
        ]
        session.around.out.print(f"\n{' and '.join(told) or 'All is well'}.")
    if problems:
        raise typer.Exit(1)


def _findings(session: Session, *, recount: bool, as_json: bool) -> list[Finding]:
    """Examine, and show each finding as it is made."""
    around = session.around
    patient = Patient(
        deployment=session.deployment,
        api=session.api,
        now=around.now,
        sleep=around.sleep,
        connect=gateway_checks.connect,
        recount=recount,
    )
    if not as_json:
        around.out.print(f"[dim]{escape(session.deployment.name)}[/]\n")
    found: list[Finding] = []
    for checks in (FIRST, REST):
        with around.err.status("Looking …"):
            for finding in examine(patient, checks):
                found.append(finding)
                _show(session, finding, as_json=as_json)
        if any(each.state is State.PROBLEM and each.check in ("API", "sign-in") for each in found):
            break  # the rest would only say so again
    return found


def _show(session: Session, finding: Finding, *, as_json: bool) -> None:
    if as_json:
        showing.json_line(asdict(finding))
        return
    line = Table.grid(padding=(0, 1))
    line.add_column(width=1)
    line.add_column(width=13, no_wrap=True)
    line.add_column(overflow="fold")
    style = STYLES[finding.state]
    line.add_row(MARKS[finding.state], finding.check, f"[{style}]{escape(finding.what)}[/]")
    if finding.do:
        line.add_row("", "", f"[dim]→ {escape(finding.do)}[/]")
    session.around.out.print(line)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count > 1)}"
