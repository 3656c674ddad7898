"""Options that many commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[
    bool,
    typer.Option("--json", help="For programs: the API's objects, of lists one a line."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="The most to show.")]
All = Annotated[bool, typer.Option("--all", help="Show all of them.")]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="A tag; again for more.", show_default=False),
]
Codes = Annotated[
    list[str] | None,
    typer.Option(
        "--operator-code", metavar="CODE", help="A code; again for more.", show_default=False
    ),
]
Profile = Annotated[str | None, typer.Option("--profile", help="Your profile of the AWS account.")]
Region = Annotated[str | None, typer.Option("--region", help="The AWS region of the deployment.")]
Stack = Annotated[
    str | None, typer.Option("--stack", help="The stack's name.", show_default="Carillon")
]

MailingId = Annotated[str, typer.Argument(metavar="MAILING", help="A mailing's id.")]
ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="A client's id, or a phone.")]

LIMIT = 50
