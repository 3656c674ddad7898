"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands import (
    clients,
    dead_letters,
    doctor,
    importing,
    login,
    logs,
    mailing_actions,
    mailing_making,
    mailings,
    messages,
    stats,
    watch,
)
from cli.session import session_of

HELP = """Carillon at the terminal: clients, mailings, what became of each message, and why.

Without any setting it speaks to the local stack of this clone (`make run`); after
`carillon login --url https://…` to the deployment there, until `carillon logout`.

Exit codes: 0 well · 1 a problem · 2 misused · 3 not signed in · 4 not found ·
5 the state forbids it · 6 no answer · 130 Ctrl-C
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def choose(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Option("--url", help="Another deployment, by its address.")
    ] = None,
    local: Annotated[
        bool, typer.Option("--local", help="The local stack, wherever you are signed in.")
    ] = False,
) -> None:
    """Remember which deployment was named."""
    session = session_of(context)
    session.url, session.local = url, local


clients_app = typer.Typer(help="The directory: who can be written to.", no_args_is_help=True)
mailings_app = typer.Typer(help="Make mailings and steer them.", no_args_is_help=True)
dead_letters_app = typer.Typer(
    help="What was given up in the queues: look at it, try it again.", no_args_is_help=True
)
app.add_typer(clients_app, name="clients")
app.add_typer(mailings_app, name="mailings")
app.add_typer(dead_letters_app, name="dead-letters")

clients.add_to(clients_app)
importing.add_to(clients_app)
mailing_making.add_to(mailings_app)
mailings.add_to(mailings_app)
watch.add_to(mailings_app)
mailing_actions.add_to(mailings_app)
messages.add_to(app)
stats.add_to(app)
logs.add_to(app)
dead_letters.add_to(dead_letters_app)
doctor.add_to(app)
login.add_to(app)
