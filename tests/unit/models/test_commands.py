"""What travels in the queues survives it, and nothing else is read."""

import json

import pytest
from pydantic import ValidationError

from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Doorbell,
    Listen,
    Purge,
    Release,
    Revise,
    RunRecount,
    RunSlice,
    Tick,
    parse_command,
)
from tests.fakes.system import SOME_MOMENT

COMMANDS: list[Command] = [
    Tick(),
    Listen(),
    Advance(mailing_id="m1", at=SOME_MOMENT),
    RunSlice(mailing_id="m1", number=7),
    Release(mailing_id="m1", at=SOME_MOMENT),
    Release(mailing_id="m1", at=SOME_MOMENT, rev=7),
    Revise(mailing_id="m1", number=4, cursor="03#c1"),
    Close(mailing_id="m1", number=12, cursor="03#c1", revisions=2, clean=False),
    RunRecount(mailing_id="m1", number=2, rev=3, cursor="03#c1", messages=1000, clean=False),
    Purge(mailing_id="m1"),
    Purge(mailing_id="m1", number=12),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.kind)
def test_a_command_survives_the_queue(command: Command) -> None:
    assert parse_command(command.model_dump_json()) == command


def test_every_kind_is_tried() -> None:
    assert {type(command) for command in COMMANDS} == set(Command.__args__)


def test_the_template_sends_the_shortest_tick() -> None:
    assert parse_command('{"kind": "tick"}') == Tick()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "tick",
        "{}",
        "null",
        '{"kind": "explode"}',
        '{"kind": "slice", "mailing_id": "m1"}',
        '{"kind": "slice", "mailing_id": "m1", "number": "7"}',
        '{"kind": "purge", "mailing_id": "m1", "phone": "79000000001"}',
        '{"kind": "advance", "mailing_id": "m1", "at": "2026-11-21T10:00:00"}',
    ],
)
def test_what_is_none_of_ours_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        parse_command(body)


def test_bodies_hold_ids_and_times_only() -> None:
    allowed = {"kind", "mailing_id", "client_id", "at", "fresh_at", "number"}
    allowed |= {"cursor", "number", "rev", "revisions", "earliest", "messages", "clean"}
    doorbell = Doorbell(mailing_id="m1", client_id="c1", fresh_at=SOME_MOMENT)
    for value in (*COMMANDS, doorbell):
        assert set(json.loads(value.model_dump_json())) <= allowed
