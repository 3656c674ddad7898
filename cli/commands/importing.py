"""`carillon clients import`: a file goes up, is read there, and what was refused comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, BinaryIO

import requests
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from cli import showing
from cli.errors import CliError, Misused, Unreachable
from cli.options import AsJson
from cli.session import Session, session_of

UPLOAD_LIMIT_S = (10, 600)
"""To connect, and for each pause of the other side."""

POLL_S = 0.5
PATIENCE_S = 20.0
"""A file is read within seconds of its upload, unless something is wrong."""

SHOWN_REFUSALS = 5
ENDED = ("finished", "failed")
ALREADY_THERE = 412
"""An upload that was repeated on its way: the first counts."""


def add_to(app: typer.Typer) -> None:
    """Give the group its command."""
    app.command("import")(import_)


def import_(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV with the columns phone, timezone, and if wanted tags."),
    ] = None,
    refused: Annotated[
        Path | None,
        typer.Option("--refused", help="Where refused lines go.", show_default="FILE.refused.csv"),
    ] = None,
    follow: Annotated[
        str | None, typer.Option("--follow", metavar="IMPORT", help="One that is under way.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import clients from a CSV file; a known phone gets what its row says.

    Refused lines are saved, each with its reason: mend them there and import that file. With any
    of them the exit code is 1.

    Example: `carillon clients import clients.csv`
    """
    session = session_of(context)
    if (file is None) == (follow is None):
        raise Misused("Name a FILE, or the import to --follow.")
    if file is not None and not file.is_file():
        raise Misused(f"{file} is not there, or no file.")
    with _progress(session.around.err) as progress:
        started = _upload(session, file, progress) if file else {"id": follow}
        try:
            done = _wait(session, str(started["id"]), progress)
        except KeyboardInterrupt:
            again = f"carillon clients import --follow {started['id']}"
            session.around.err.print(f"The import goes on without you. Look again: {again}")
            raise
    saved = _save_refused(session, done, file=file, given=refused)
    if as_json:
        showing.json_line({**done, "refused_file": str(saved) if saved else None})
    else:
        _tell(session, done, saved)
    if done["status"] == "failed":
        raise CliError(f"The import failed: {done['reason_detail']}")
    if done["rejected"]:
        raise typer.Exit(1)


class _Watched:
    """A file that tells how much of it was read; its length goes before it, as S3 wants it."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress, task: TaskID) -> None:
        self._file = file
        self._size = size
        self._progress = progress
        self._task = task

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        part = self._file.read(size)
        self._progress.advance(self._task, len(part))
        return part


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(bar_width=None),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
        console=console,
        expand=True,
        disable=not console.is_terminal,
    )


def _upload(session: Session, file: Path, progress: Progress) -> Any:
    """Begin an import and send its file; the import."""
    size = file.stat().st_size
    task = progress.add_task("uploading", total=size)
    begun = session.api.create("/imports")
    way = begun["upload"]
    # The address is the bucket's and has a signature of its own: no token goes there.
    with session.deployment.web() as web, file.open("rb") as opened:
        content: Any = _Watched(opened, size, progress, task) if size else b""
        try:
            answer = web.request(
                way["method"],
                way["url"],
                data=content,
                headers=way["headers"],
                timeout=UPLOAD_LIMIT_S,
            )
        except requests.RequestException as error:
            raise Unreachable(f"The upload broke off: {type(error).__name__}.") from error
    if not answer.ok and answer.status_code != ALREADY_THERE:
        raise CliError(f"The upload was refused: HTTP {answer.status_code}.")
    return begun


def _wait(session: Session, import_id: str, progress: Progress) -> Any:
    """Until the import has ended; the import."""
    task = progress.add_task("importing", total=None)
    patience_s = PATIENCE_S
    while True:
        seen = session.api.get(f"/imports/{import_id}")
        if seen["bytes"] is not None:
            progress.update(task, total=seen["bytes"], completed=seen["bytes_done"])
        if seen["status"] in ENDED:
            return seen
        if seen["bytes"] is None and 0 < patience_s <= POLL_S:
            session.around.err.print(
                "[yellow]![/] Nobody reads it yet. Is it well? carillon doctor"
            )
        patience_s -= POLL_S
        session.around.sleep(POLL_S)


def _save_refused(
    session: Session, done: Any, *, file: Path | None, given: Path | None
) -> Path | None:
    """The refused lines as a file; None when there are none."""
    if not done["rejected"]:
        return None
    target = given or _beside(file, done["id"])
    with target.open("wb") as opened:
        for page in session.api.csv(f"/imports/{done['id']}/rejected"):
            opened.write(page)
    return target


def _beside(file: Path | None, import_id: str) -> Path:
    """A name that is free: an earlier file may be half mended."""
    if file is None:
        return Path(f"{import_id}.refused.csv")
    target = file.with_name(f"{file.stem}.refused.csv")
    return target.with_name(f"{file.stem}.refused-{import_id}.csv") if target.exists() else target


def _tell(session: Session, done: Any, saved: Path | None) -> None:
    out, number = session.around.out, showing.number
    mark = "[yellow]![/]" if done["rejected"] else "[green]✓[/]"
    out.print(
        f"{mark} {number(done['rows'])} rows: {number(done['created'])} new,"
        f" {number(done['updated'])} known, {number(done['rejected'])} refused"
    )
    shown = done["errors"][:SHOWN_REFUSALS]
    if shown:
        rows = ((f"  line {each['line']}", escape(each["message"])) for each in shown)
        out.print(showing.facts(rows))
    if len(done["errors"]) > SHOWN_REFUSALS:
        out.print(f"  … and {number(done['rejected'] - SHOWN_REFUSALS)} more")
    if saved:
        out.print(f"  Mend them and import them again: {escape(str(saved))}", soft_wrap=True)
