"""What a command works with: its surroundings, and the deployment that its options lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import typer

from cli import deployment
from cli.api import Api
from cli.deployment import AwsOptions, Deployment
from cli.errors import CliError, Misused
from cli.surroundings import Surroundings

YES = ("y", "yes")


@dataclass
class Session:
    """One run of the program."""

    around: Surroundings
    url: str | None = None
    local: bool = False
    options: AwsOptions = field(default_factory=AwsOptions)

    @cached_property
    def deployment(self) -> Deployment:
        """Looked for when it is first needed: help and completion need none."""
        return deployment.find(self.around, url=self.url, local=self.local, options=self.options)

    @cached_property
    def api(self) -> Api:
        """The deployment's API."""
        return Api(self.deployment, sleep=self.around.sleep)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask once, naming the deployment; return when it is agreed.

        Raises:
            Misused: nobody is there to ask, and `--yes` was not said.
            CliError: the answer was no.
        """
        if yes:
            return
        if not self.around.interactive:
            raise Misused(
                f"{question} Nobody is here to ask.", "Say --yes if that is what you want."
            )
        try:
            answer = self.around.ask(f"{question} On {self.deployment.name}. [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in YES:
            raise CliError("Nothing was done.")


def session_of(context: typer.Context, options: AwsOptions | None = None) -> Session:
    """The session that the program was started with, with the `options` of those who ask AWS."""
    session = context.find_root().obj
    assert isinstance(session, Session)  # noqa: S101 - `main` puts it there
    if options is not None:
        session.options = options
    return session
