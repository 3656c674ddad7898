"""The gateway's token from a Secrets Manager that answers, refuses or is slow."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from carillon.adapters.gateway_token import SecretToken
from carillon.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "gateway-token"


class SteppingClock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def step(self, **duration: float) -> None:
        self._now += timedelta(**duration)


class Secret:
    """A stubbed Secrets Manager: each answer that was put in line is given once."""

    def __init__(self, client: "SecretsManagerClient", stubber: Stubber) -> None:
        self.client = client
        self._stubber = stubber

    def holds(self, text: str) -> None:
        self._stubber.add_response(
            "get_secret_value", {"SecretString": text, "Name": NAME}, {"SecretId": NAME}
        )

    def fails(self) -> None:
        self._stubber.add_client_error("get_secret_value", "InternalServiceError")

    def was_read(self) -> None:
        """Every answer was asked for; one more question than answers would be an error."""
        self._stubber.assert_no_pending_responses()


@pytest.fixture
def secret() -> Iterator[Secret]:
    client = boto3.client(
        "secretsmanager",
        region_name="eu-central-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    with Stubber(client) as stubber:
        yield Secret(client, stubber)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def token(secret: Secret, clock: SteppingClock) -> SecretToken:
    return SecretToken(secret.client, NAME, clock)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b.c", "a.b.c"),
        ("a.b.c\n", "a.b.c"),
        ("12345", "12345"),
        (json.dumps({"token": "a.b.c", "for": "gateway"}), "a.b.c"),
    ],
)
def test_a_bare_token_and_one_in_json(
    secret: Secret, token: SecretToken, text: str, expected: str
) -> None:
    secret.holds(text)
    assert token() == expected


@pytest.mark.parametrize("text", [" ", "жетон", "a\nb", '{"jwt": "a"}', '{"token": 5}'])
def test_what_no_header_can_carry_is_no_token(
    secret: Secret, token: SecretToken, text: str
) -> None:
    secret.holds(text)
    with pytest.raises(Unavailable):
        token()


def test_it_is_read_again_after_five_minutes(
    secret: Secret, token: SecretToken, clock: SteppingClock
) -> None:
    secret.holds("old")
    assert token() == "old"
    clock.step(minutes=4.99)
    assert token() == "old"
    secret.holds("new")
    clock.step(minutes=0.01)
    assert token() == "new"


def test_a_refused_one_is_read_again_once_a_minute(
    secret: Secret, token: SecretToken, clock: SteppingClock
) -> None:
    secret.holds("old")
    assert token() == "old"
    clock.step(seconds=59)
    token.refresh()
    assert token() == "old"
    secret.holds("new")
    clock.step(seconds=1)
    assert token() == "new"
    token.refresh()
    token.refresh()
    assert token() == "new"
    secret.was_read()


def test_the_old_one_stays_in_use_while_it_cannot_be_read(
    secret: Secret, token: SecretToken, clock: SteppingClock
) -> None:
    secret.holds("old")
    assert token() == "old"
    secret.fails()
    clock.step(minutes=5)
    assert token() == "old"
    assert token() == "old"
    secret.was_read()
    secret.holds("new")
    clock.step(seconds=5)
    assert token() == "new"


def test_without_any_it_is_unavailable_and_not_asked_for_at_once_again(
    secret: Secret, token: SecretToken, clock: SteppingClock
) -> None:
    secret.fails()
    for _ in range(3):
        with pytest.raises(Unavailable):
            token()
    secret.was_read()
    secret.holds("first")
    clock.step(seconds=5)
    assert token() == "first"


def test_refreshing_before_the_first_use_is_harmless(secret: Secret, token: SecretToken) -> None:
    token.refresh()
    secret.holds("first")
    assert token() == "first"


def test_who_has_an_old_token_does_not_wait_for_the_new_one(
    secret: Secret, token: SecretToken, clock: SteppingClock
) -> None:
    secret.holds("old")
    assert token() == "old"
    asked, answer = Event(), Event()

    def hold_up(**_: object) -> None:
        asked.set()
        assert answer.wait(5)

    secret.client.meta.events.register("before-parameter-build.secrets-manager", hold_up)
    secret.holds("new")
    clock.step(minutes=5)
    reader = Thread(target=token)
    reader.start()
    assert asked.wait(5)
    assert token() == "old"
    answer.set()
    reader.join()
    assert token() == "new"
