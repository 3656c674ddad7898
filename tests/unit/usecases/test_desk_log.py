"""What operators do is in the log: one line for each change, with the ids to look for."""

import logging
from typing import Any

import pytest

from carillon.models.client import ClientDraft, ClientPatch
from carillon.models.mailing import Filter, MailingDraft, MailingPatch, MailingStatus
from carillon.models.message import MessageStatus
from carillon.policy.actions import Action
from carillon.usecases.clients import Clients
from carillon.usecases.mailings import MailingDesk
from tests.fakes import FakeCaller, FakeCreations, SeededChance
from tests.fakes.samples import a_client
from tests.fakes.system import SOME_REQUEST
from tests.unit.usecases.logged import Line, lines
from tests.unit.usecases.stage import HOUR, MAILING_ID, NOW, Stage, running

CLIENT_ID = a_client().id
MAILING = {"mailing_id": MAILING_ID, "correlation_id": SOME_REQUEST}


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="carillon")


def _info(message: str, **keys: Any) -> list[Line]:
    return [(logging.INFO, message, keys)]


def _clients() -> Clients:
    stage = Stage()
    stage.put(a_client())
    return Clients(stage.clients, FakeCreations(stage.clock), stage.clock, SeededChance())


def _desk(status: MailingStatus = MailingStatus.RUNNING) -> MailingDesk:
    stage = Stage()
    stage.put(running(status=status))
    return MailingDesk(
        stage.mailings, FakeCreations(stage.clock), stage.clock, SeededChance(), FakeCaller()
    )


def test_a_client_is_created(caplog: pytest.LogCaptureFixture) -> None:
    draft = ClientDraft(phone="79990000001", timezone="Europe/Moscow")
    client = _clients().create(draft, None)
    assert lines(caplog) == _info("client created", client_id=client.id)


def test_a_client_is_changed(caplog: pytest.LogCaptureFixture) -> None:
    _clients().change(CLIENT_ID, ClientPatch(tags=("vip",)), None)
    assert lines(caplog) == _info("client changed", client_id=CLIENT_ID, version=2, fields=["tags"])


def test_a_client_is_deleted(caplog: pytest.LogCaptureFixture) -> None:
    _clients().remove(CLIENT_ID, None)
    assert lines(caplog) == _info("client deleted", client_id=CLIENT_ID)


def test_a_mailing_is_created(caplog: pytest.LogCaptureFixture) -> None:
    draft = MailingDraft(text="Hello", starts_at=NOW, ends_at=NOW + HOUR, filter=Filter())
    mailing = _desk().create(draft, None)
    assert lines(caplog) == _info(
        "mailing created", mailing_id=mailing.id, correlation_id=SOME_REQUEST
    )


def test_a_mailing_is_changed(caplog: pytest.LogCaptureFixture) -> None:
    _desk().change(MAILING_ID, MailingPatch(text="New"), None)
    assert lines(caplog) == _info("mailing changed", **MAILING, version=2, fields=["text"])


def test_a_change_of_nothing_is_no_line(caplog: pytest.LogCaptureFixture) -> None:
    _clients().change(CLIENT_ID, ClientPatch(), None)
    _desk().change(MAILING_ID, MailingPatch(), None)
    assert not lines(caplog)


def test_a_mailing_is_controlled(caplog: pytest.LogCaptureFixture) -> None:
    _desk().act(MAILING_ID, Action.PAUSE, None)
    keys = {**MAILING, "action": "pause", "version": 2}
    assert lines(caplog) == _info("mailing controlled", **keys)


def test_a_mailing_is_resent(caplog: pytest.LogCaptureFixture) -> None:
    _desk().resend(MAILING_ID, [MessageStatus.UNKNOWN, MessageStatus.FAILED], None)
    keys = {**MAILING, "statuses": ["failed", "unknown"], "version": 2}
    assert lines(caplog) == _info("mailing resent", **keys)


def test_a_recount_is_asked_for_once(caplog: pytest.LogCaptureFixture) -> None:
    desk = _desk()
    desk.recount(MAILING_ID)
    desk.recount(MAILING_ID)
    assert lines(caplog) == _info("recount asked for", **MAILING, number=1)


def test_a_mailing_is_deleted(caplog: pytest.LogCaptureFixture) -> None:
    _desk().remove(MAILING_ID, None)
    assert lines(caplog) == _info("mailing deleted", **MAILING)
