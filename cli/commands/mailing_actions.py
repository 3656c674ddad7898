"""`carillon mailings start`, `pause`, `resume`, `cancel`, `resend` and `test`: by hand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import audience, showing
from cli.errors import CliError, Misused
from cli.options import AsJson, MailingId, Yes
from cli.session import Session, session_of

RESENT = ("failed", "unknown")
TRIAL_LIMIT_S = 60.0
POLL_S = 0.5


def add_to(app: typer.Typer) -> None:
    """Give the group its commands."""
    for command in (start, pause, resume, cancel, resend):
        app.command(command.__name__)(command)
    app.command("test")(send_test)


def start(
    context: typer.Context, mailing: MailingId, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Start a scheduled mailing now.

    Example: `carillon mailings start k3mzr5w7qyh2ab4c`
    """
    session = session_of(context)
    if not yes:
        found = session.api.get(f"/mailings/{mailing}")
        seen = audience.preview(session, found)
        to = showing.people(seen["recipients"], exact=seen["exact"])
        session.confirm(f"Start {mailing} now, to {to}?", yes=yes)
    _act(session, mailing, "start", "Started", as_json=as_json)


def pause(context: typer.Context, mailing: MailingId, as_json: AsJson = False) -> None:
    """Send nothing more until it is resumed; calls under way go on.

    Example: `carillon mailings pause k3mzr5w7qyh2ab4c`
    """
    _act(session_of(context), mailing, "pause", "Paused", as_json=as_json)


def resume(
    context: typer.Context, mailing: MailingId, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Send what is still pending.

    Example: `carillon mailings resume k3mzr5w7qyh2ab4c --yes`
    """
    session = session_of(context)
    if not yes:
        pending = audience.counts(session, mailing)["pending"]
        session.confirm(f"Resume {mailing}, to {showing.people(pending)}?", yes=yes)
    _act(session, mailing, "resume", "Resumed", as_json=as_json)


def cancel(
    context: typer.Context, mailing: MailingId, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Stop a mailing for good; what is pending ends as cancelled.

    Example: `carillon mailings cancel k3mzr5w7qyh2ab4c`
    """
    session = session_of(context)
    if not yes:
        pending = audience.counts(session, mailing)["pending"]
        session.confirm(
            f"Cancel {mailing} for good? {showing.people(pending)} will not get it.", yes=yes
        )
    _act(session, mailing, "cancel", "Cancelled", as_json=as_json)


def resend(
    context: typer.Context,
    mailing: MailingId,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", help="failed or unknown; again for both.", show_default="failed"),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Send again what failed. An unknown message may be delivered twice.

    Example: `carillon mailings resend k3mzr5w7qyh2ab4c --status failed`
    """
    session = session_of(context)
    statuses = status or ["failed"]
    if set(statuses) - set(RESENT):
        raise Misused("Only failed and unknown messages are sent again.")
    if not yes:
        counts = audience.counts(session, mailing)
        touched = sum(counts[each] for each in set(statuses))
        session.confirm(f"Send {mailing} again to {showing.people(touched)}?", yes=yes)
    body = {"statuses": statuses}
    changed = session.api.act(f"/mailings/{mailing}/resend", body).json()
    _tell(session, changed, f"{mailing} is being sent again", as_json=as_json)


def send_test(
    context: typer.Context,
    mailing: MailingId,
    phone: Annotated[str, typer.Option(help="Whom to: 7 and ten digits.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Send the mailing's text to one phone now, outside its counts, hours and state.

    Example: `carillon mailings test k3mzr5w7qyh2ab4c --phone 79000000001 --yes`
    """
    session = session_of(context)
    session.confirm(f"Send the text of {mailing} to 1 phone now?", yes=yes)
    trial = session.api.create(f"/mailings/{mailing}/test", {"phone": phone})
    waited = 0.0
    while trial["status"] == "pending" and waited < TRIAL_LIMIT_S:
        session.around.sleep(POLL_S)
        waited += POLL_S
        trial = session.api.get(f"/mailings/{mailing}/tests/{trial['id']}")
    if as_json:
        showing.json_line(trial)
    elif trial["status"] == "sent":
        session.around.err.print("[green]✓[/] Sent.")
    if trial["status"] != "sent":
        raise CliError(f"The test is {trial['status']}: {trial['last_error'] or 'no answer yet'}")


def _act(session: Session, mailing: str, action: str, done: str, *, as_json: bool) -> None:
    changed = session.api.act(f"/mailings/{mailing}/{action}").json()
    _tell(session, changed, f"{done} {mailing}", as_json=as_json)


def _tell(session: Session, changed: Any, words: str, *, as_json: bool) -> None:
    if as_json:
        showing.json_line(changed)
        return
    session.around.err.print(f"[green]✓[/] {words} (now {showing.styled(changed['status'])}).")
