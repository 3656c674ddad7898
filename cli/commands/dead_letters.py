"""`carillon dead-letters`: what was given up, and trying it again."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import dead, showing, times
from cli.dead import QUEUES, DeadQueue, Letter
from cli.deployment import AwsOptions
from cli.errors import Misused
from cli.options import AsJson, Profile, Region, Stack, Yes
from cli.session import Session, session_of

NAMES = ", ".join(queue.name for queue in QUEUES)
SHOWN = 10

Queue = Annotated[str | None, typer.Argument(metavar="QUEUE", help=f"One of them: {NAMES}.")]


def add_to(app: typer.Typer) -> None:
    """Give the group its commands."""
    app.command("list")(list_)
    app.command("redrive")(redrive)
    app.command("discard")(discard)


def list_(
    context: typer.Context,
    queue: Queue = None,
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """List what lies in the dead-letter queues: how much, how old, about what. Only ids are shown.

    Nothing is taken out, but for the moment of looking nobody else sees it.

    Example: `carillon dead-letters list`
    """
    session = session_of(context, AwsOptions(profile=profile, region=region, stack=stack))
    for each in chosen(queue):
        letters = dead.peek(session.deployment.aws, each)
        count = max(len(letters), dead.number(session.deployment.aws, each))
        if as_json:
            _write(session, each, count, letters)
        else:
            _show(session, each, count, letters)


def chosen(name: str | None) -> list[DeadQueue]:
    """The queue of this name, or all."""
    found = [queue for queue in QUEUES if name in (None, queue.name)]
    if not found:
        raise Misused(f"There is no queue {name!r}.", f"They are {NAMES}.")
    return found


def _write(session: Session, queue: DeadQueue, count: int, letters: list[Letter]) -> None:
    now = session.around.now()
    told = [
        {"id": each.id, "age_s": round(each.age_s(now)), "content": each.content}
        for each in letters
    ]
    showing.json_line({"queue": queue.name, "number": count, "letters": told})


def _show(session: Session, queue: DeadQueue, count: int, letters: list[Letter]) -> None:
    out, now = session.around.out, session.around.now()
    if not count:
        out.print(f"[green]✓[/] [bold]{queue.name}[/] is empty [dim]({queue.what})[/]")
        return
    oldest = f", the oldest {times.span_words(letters[0].age_s(now))} old" if letters else ""
    out.print(
        f"[red]✗[/] [bold]{queue.name}[/]: {showing.number(count)}{oldest} [dim]({queue.what})[/]"
    )
    listed = showing.table("age", "about", keep=("age",))
    for letter in letters[:SHOWN]:
        listed.add_row(times.span_words(letter.age_s(now)), _words(letter.content))
    if letters[SHOWN:]:
        listed.add_row("", f"[dim]… and {showing.number(count - SHOWN)} more[/]")
    out.print(listed)


def _words(content: dict[str, Any]) -> str:
    return " ".join(
        f"[dim]{escape(name)}=[/]{escape(str(value))}" for name, value in content.items()
    )


def redrive(
    context: typer.Context,
    queue: Queue = None,
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Try dead letters again: each goes back to the queue that it came from.

    Mend first what they died of, or they come again. Notes of what a stream lost stay where they
    are: there is nothing in them to be tried.

    Example: `carillon dead-letters redrive messages`
    """
    session = session_of(context, AwsOptions(profile=profile, region=region, stack=stack))
    aws = session.deployment.aws
    numbers = {each: dead.number(aws, each) for each in chosen(queue)}
    total = sum(numbers.values())
    if not total:
        if not as_json:
            session.around.err.print("[green]✓[/] There are no dead letters.")
        return
    told = ", ".join(
        f"{showing.number(count)} of {each.name}" for each, count in numbers.items() if count
    )
    question = f"Try {showing.number(total)} dead letters of {aws.place} again ({told})?"
    session.confirm(question, yes=yes)
    for each, count in numbers.items():
        if not count:
            continue
        done = dead.redrive(aws, each, most=count)
        if as_json:
            showing.json_line({"queue": each.name, "moved": done.moved, "kept": done.kept})
            continue
        why = "notes" if each.name == "undeliverable" else "not taken by SQS"
        kept = f"; {showing.number(done.kept)} stay ({why})" if done.kept else ""
        mark = "[green]✓[/]" if done.moved == count else "[yellow]![/]"
        session.around.err.print(
            f"{mark} {each.name}: {showing.number(done.moved)} of {showing.number(count)}"
            f" tried again{kept}."
        )


def discard(
    context: typer.Context,
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help=f"One of them: {NAMES}.")],
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete what lies in a queue, once somebody has looked: notes, and what can never succeed.

    Example: `carillon dead-letters discard undeliverable`
    """
    session = session_of(context, AwsOptions(profile=profile, region=region, stack=stack))
    aws, [chosen_one] = session.deployment.aws, chosen(queue)
    count = dead.number(aws, chosen_one)
    if count:
        question = f"Delete {showing.number(count)} of {chosen_one.name} of {aws.place} for good?"
        session.confirm(question, yes=yes)
    gone = dead.discard(aws, chosen_one, most=count)
    if as_json:
        showing.json_line({"queue": chosen_one.name, "discarded": gone})
        return
    session.around.err.print(f"[green]✓[/] {chosen_one.name}: {showing.number(gone)} deleted.")
