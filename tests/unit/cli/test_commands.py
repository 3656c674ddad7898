"""What commands ask the API for, what they ask a person, and how they end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from rich.console import Console

from tests.unit.cli.stage import Stage, counts, mailing, page

Staged = Callable[..., Stage]
Output = pytest.CaptureFixture[str]

CLIENT = {
    "id": "c1",
    "phone": "79000000001",
    "operator_code": "900",
    "tags": ["vip"],
    "timezone": "Europe/Moscow",
    "created_at": "2026-11-21T10:00:00.000Z",
    "updated_at": "2026-11-21T10:00:00.000Z",
    "version": 1,
}
PREVIEW = {
    "recipients": 1234,
    "exact": True,
    "sms_parts": 1,
    "encoding": "gsm7",
    "units": 5,
    "zones": [
        {
            "timezone": "Europe/Moscow",
            "recipients": 1234,
            "first_opening": "2026-11-21T10:00:00.000Z",
        }
    ],
}
CREATE = ("mailings", "create", "--text", "Hello", "--tag", "vip", "--ends-at", "+8h")


def test_a_client_is_made_once_however_often_the_answer_is_lost(
    staged: Staged, capsys: Output
) -> None:
    lost = requests.ConnectionError()
    stage = staged({"POST /api/v1/clients": [lost, (503, {}), (201, CLIENT)]})

    assert stage.run("clients", "add", "79000000001", "--timezone", "Europe/Moscow", "--json") == 0

    assert json.loads(capsys.readouterr().out) == CLIENT
    keys = {asked.headers["Idempotency-Key"] for asked in stage.web.asked}
    assert (len(stage.web.asked), len(keys)) == (3, 1)
    assert {asked.headers["Authorization"] for asked in stage.web.asked} == {"Bearer given"}


def test_lists_are_read_page_by_page_and_written_one_a_line(staged: Staged, capsys: Output) -> None:
    pages: list[Any] = [page([{"id": "a"}], "more"), page([], "still"), page([{"id": "b"}])]
    stage = staged({"GET /api/v1/clients": pages})
    assert stage.run("clients", "list", "--all", "--json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b"]
    assert [asked.query.get("cursor") for asked in stage.web.asked] == [None, "more", "still"]


def test_a_phone_finds_its_client(staged: Staged, capsys: Output) -> None:
    stage = staged({"GET /api/v1/clients": page([CLIENT])})
    assert stage.run("clients", "show", "79000000001") == 0
    assert "2026-11-21 13:00:00 MSK" in capsys.readouterr().out
    assert stage.web.asked[0].query["phone"] == "79000000001"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((400, 2), (401, 3), (403, 3), (404, 4), (409, 5), (412, 5)),
        *((418, 1), (422, 2), (429, 6), (500, 1), (503, 6)),
    ],
)
def test_each_refusal_has_its_exit_code_and_no_traceback(
    staged: Staged, capsys: Output, status: int, code: int
) -> None:
    stage = staged({"GET /api/v1/clients/c1": (status, {"detail": "because [so]"})})
    assert stage.run("clients", "show", "c1") == code
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "CARILLON_TOKEN" in told if status == 401 else f"because [so] (HTTP {status})" in told


def test_silence_is_an_exit_code_too(staged: Staged, capsys: Output) -> None:
    stage = staged({"GET /api/v1/clients/c1": requests.ConnectTimeout()})
    assert stage.run("clients", "show", "c1") == 6
    assert len(stage.web.asked) == 4
    assert "does not answer in time" in capsys.readouterr().err


def test_an_action_whose_answer_was_lost_is_not_repeated(staged: Staged, capsys: Output) -> None:
    stage = staged({"POST /api/v1/mailings/m1/pause": requests.ConnectionError()})
    assert stage.run("mailings", "pause", "m1") == 6
    assert len(stage.web.asked) == 1
    assert "look before you repeat" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("clients", "list", "--nonsense"),
        ("clients", "import"),
        ("logs", "--mailing", "a", "--client", "b"),
        ("logs", "--mailing", 'a" b'),
        ("messages",),
        ("mailings", "create", "--tag", "vip", "--text", "x", "--ends-at", "tomorrow"),
        ("mailings", "create", "--tag", "vip", "--text", "x"),
        ("mailings", "create", "--text", "x", "--ends-at", "+1h"),
        ("mailings", "resend", "m1", "--status", "sent"),
        ("dead-letters", "redrive", "nonsense"),
    ],
    ids=" ".join,
)
def test_misuse_reaches_nobody(staged: Staged, arguments: tuple[str, ...]) -> None:
    stage = staged()
    assert stage.run(*arguments) == 2
    assert stage.web.asked == []


def test_a_mistake_of_ours_is_a_sentence(staged: Staged, capsys: Output) -> None:
    stage = staged({"GET /api/v1/clients/c1": (200, {"id": "c1"})})
    assert stage.run("clients", "show", "c1") == 1
    told = capsys.readouterr().err
    assert "KeyError" in told
    assert "Traceback" not in told


def test_ctrl_c_is_130(staged: Staged) -> None:
    stage = staged({"GET /api/v1/clients/c1": lambda _asked: _interrupt()})
    assert stage.run("clients", "show", "c1") == 130


def _interrupt() -> Any:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("answer", "made"), [("y", 1), ("", 0), ("n", 0)])
def test_a_mailing_is_asked_for_once_with_the_number_of_people(
    staged: Staged, capsys: Output, answer: str, made: int
) -> None:
    stage = staged(
        {
            "POST /api/v1/mailings/preview": (200, PREVIEW),
            "POST /api/v1/mailings": (201, mailing()),
        },
        interactive=True,
        answers=[answer],
    )
    assert stage.run(*CREATE) == 1 - made
    [question] = stage.questions
    assert "1,234 people" in question
    assert "mailings.example.com" in question
    assert len(stage.web.asked) == 1 + made
    assert capsys.readouterr().out.strip() == ("m1" if made else "")


def test_without_a_terminal_nothing_dangerous_is_done(staged: Staged, capsys: Output) -> None:
    stage = staged({"POST /api/v1/mailings/preview": (200, PREVIEW)})
    assert stage.run(*CREATE) == 2
    assert "1,234 people" in capsys.readouterr().err
    assert [asked.path for asked in stage.web.asked] == ["/api/v1/mailings/preview"]


def test_options_come_before_the_file_and_times_are_of_the_operators_clock(
    staged: Staged, tmp_path: Path
) -> None:
    file = tmp_path / "mailing.json"
    file.write_text(json.dumps({"text": "old", "filter": {"tags": ["a"], "operator_codes": ["9"]}}))
    stage = staged({"POST /api/v1/mailings": (201, mailing())})
    options = (
        "--text",
        "new",
        "--starts-at",
        "18:30",
        "--ends-at",
        "+12h",
        "--hours",
        "9:00-21:00",
    )
    assert stage.run("mailings", "create", "--file", str(file), "--tag", "b", *options, "-y") == 0
    assert stage.web.asked[0].body == {
        "text": "new",
        "starts_at": "2026-11-21T15:30:00.000Z",
        "ends_at": "2026-11-21T22:00:00.000Z",
        "time_window": {"start": "9:00", "end": "21:00"},
        "filter": {"tags": ["b"], "operator_codes": ["9"]},
    }


@pytest.mark.parametrize(
    ("arguments", "people"),
    [
        (("start", "m1"), "1,234 people"),
        (("resume", "m1"), "7 people"),
        (("cancel", "m1"), "7 people"),
        (("resend", "m1"), "3 people"),
        (("resend", "m1", "--status", "failed", "--status", "unknown"), "5 people"),
        (("delete", "m1"), "7 of them still to be sent"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_each_dangerous_action_names_whom_it_touches(
    staged: Staged, arguments: tuple[str, ...], people: str
) -> None:
    stage = staged(
        {
            "GET /api/v1/mailings/m1": (200, mailing()),
            "GET /api/v1/mailings/m1/stats": (
                200,
                {"counts": counts(pending=7, failed=3, unknown=2)},
            ),
            "POST /api/v1/mailings/preview": (200, PREVIEW),
        },
        interactive=True,
        answers=["n"],
    )
    assert stage.run("mailings", *arguments) == 1
    assert people in stage.questions[0]
    assert not [a for a in stage.web.asked if a.method == "DELETE" or a.path.endswith(arguments[0])]


def test_a_watch_ends_with_the_mailing(staged: Staged, capsys: Output) -> None:
    stages: list[Any] = [(200, mailing(status=status)) for status in ("running", "finished")]
    numbers: list[Any] = [
        (200, {"counts": counts(sent=sent, pending=9 - sent), "timeline": [], "errors": []})
        for sent in (4, 9)
    ]
    stage = staged(
        {
            "GET /api/v1/mailings/m1": stages,
            "GET /api/v1/mailings/m1/stats": numbers,
            "GET /api/v1/mailings/m1/waves": page([]),
            "GET /api/v1/gateway": (200, {"status": "well", "minutes": [], "last_error": None}),
        }
    )
    assert stage.run("mailings", "watch", "m1") == 0
    first, last = capsys.readouterr().out.splitlines()
    assert "4 sent, 5 pending" in first
    assert "finished  9 sent" in last


@pytest.mark.parametrize("refused", [0, 2])
def test_an_import_saves_what_was_refused(
    staged: Staged, capsys: Output, tmp_path: Path, refused: int
) -> None:
    bucket = "https://bucket.example.com/there"
    way = {"method": "PUT", "url": bucket, "headers": {"If-None-Match": "*"}}
    begun = {"id": "i1", "status": "awaiting_upload", "upload": way}
    done = {
        **begun,
        "status": "finished",
        "bytes": 9,
        "bytes_done": 9,
        "rows": 5,
        "created": 5 - refused,
        "updated": 0,
        "rejected": refused,
        "errors": [{"line": 2, "message": "no phone"}],
    }
    pages = {"next": "/api/v1/imports/i1/rejected?cursor=x"}
    link = {"Link": f'<{pages["next"]}>; rel="next"'}
    stage = staged(
        {
            "POST /api/v1/imports": (201, begun),
            "PUT /there": (200, b""),
            "GET /api/v1/imports/i1": [(200, {**done, "status": "running"}), (200, done)],
            "GET /api/v1/imports/i1/rejected": [(200, b"phone\nx\n", link), (200, b"y\n")],
        }
    )
    file = tmp_path / "clients.csv"
    file.write_bytes(b"phone,timezone\n")

    assert stage.run("clients", "import", str(file)) == (1 if refused else 0)

    [upload] = [asked for asked in stage.web.asked if asked.method == "PUT"]
    assert upload.body == b"phone,timezone\n"
    assert "Authorization" not in upload.headers
    saved = tmp_path / "clients.refused.csv"
    assert saved.exists() == bool(refused)
    assert not refused or saved.read_bytes() == b"phone\nx\ny\n"
    assert f"{refused} refused" in capsys.readouterr().out


def test_a_pipe_gets_no_colours_and_a_terminal_without_colours_neither(
    staged: Staged, capsys: Output
) -> None:
    stage = staged({"GET /api/v1/mailings": page([mailing(text="[red]not markup[/red]")])})
    assert stage.run("mailings", "list") == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "[red]not markup[/red]" in told
    plain = Console(force_terminal=True, _environ={"NO_COLOR": "1", "TERM": "xterm-256color"})
    plain.print("[red]x[/]", end="")
    assert capsys.readouterr().out == "x"


def test_every_command_has_an_example() -> None:
    import typer

    from cli.app import app

    root = typer.main.get_command(app)
    commands: list[tuple[str, Any]] = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        commands += [(f"{name} {n}", c) for n, c in inner.items()] if inner else [(name, command)]
    assert len(commands) > 20
    missing = [n for n, c in commands if f"Example: `carillon {n}" not in (c.help or "")]
    assert not missing
