"""Everything that there is to measure, brought about on one stack and found in its logs.

It has a stack of its own: senders that keep a pace, and a gateway that meets with every trouble.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.system import SystemClock
from carillon.models import measures as m
from carillon.models.mailing import MailingStatus
from carillon.models.wave import Wave
from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until
from tests.e2e.own_stack import own_stack
from tests.e2e.test_measures import drawn, told
from tests.fakes.samples import a_mailing

PARTS_PER_S = 25
LIMIT_S = 120
MANY = 60
"""Messages for some four senders: enough failures for each of them to open its breaker."""

MINUTE = timedelta(minutes=1)
NOBODY_LISTENS = "http://127.0.0.1:9/v1"


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("paced")
    with own_stack(folder, gateway_parts_per_s=str(PARTS_PER_S)) as stack:
        yield stack


@pytest.fixture
def gateway(paced: LocalStack) -> Iterator[Control]:
    with Control(paced.gateway_url) as control:
        yield control


@pytest.mark.long
def test_everything_is_measured_and_drawn(paced: LocalStack, gateway: Control) -> None:
    operator = Operator(paced, "everything")
    operator.add_clients(80_000, 3)
    _calm(paced, operator)
    _troubles(paced, operator, gateway)
    _repairs(paced, operator, gateway)
    _left_over(paced)
    _ends(paced, operator, gateway)
    _down(paced)

    names = {each.name for each in told(paced)}
    assert names == {each.name for each in m.CATALOGUE}
    assert names == {name for namespace, name, *_ in drawn(paced) if namespace == "Carillon"}


def _calm(stack: LocalStack, operator: Operator) -> None:
    operator.wait_for(operator.mail(ends_at=in_s(600)), "finished", limit_s=60)
    _is_told(stack, [m.SELECTED, m.MADE, m.SENT, m.FIRST_AFTER, m.LAST_AFTER, m.ACCEPTED])
    _is_told(stack, [m.LATENCY, m.PARTS_GRANTED, m.PACE_AHEAD])


def _troubles(stack: LocalStack, operator: Operator, gateway: Control) -> None:
    for mood, measures in (
        (Mood.HTTP_400, [m.REFUSED, m.FAILED]),
        (Mood.HTTP_503, [m.SERVER_ERROR]),
        (Mood.HTTP_429, [m.THROTTLED, m.PACE_SLOWED]),
        (Mood.HTTP_401, [m.TOKEN_REFUSED]),
        (Mood.HTTP_404, [m.OTHER_RETRY]),
        (Mood.DROP_AFTER, [m.NO_ANSWER]),
    ):
        gateway.behave(Behaviour(shares={mood: 1}))
        mailing = operator.mail(ends_at=in_s(600))
        _is_told(stack, measures)
        operator.call("POST", f"/mailings/{mailing['id']}/cancel")
    _is_told(stack, [m.CANCELLED])


def _repairs(stack: LocalStack, operator: Operator, gateway: Control) -> None:
    """Doorbells, a hint, and whoever was at a wave are lost."""
    gateway.behave(Behaviour(shares={Mood.HTTP_503: 1}, retry_after_s=600))
    mailing = operator.mail(ends_at=in_s(600))
    until(
        lambda: operator.counts(mailing),
        lambda seen: seen == {"total": 3, "pending": 3},
        limit_s=LIMIT_S,
    )
    mailings = MailingsTable(stack.client("dynamodb"), stack.outputs["MailingsTable"])
    now = SystemClock().now()
    mailings.add_wave(Wave(mailing_id=mailing["id"], opens_at=now - 2 * MINUTE))
    dead = Wave(mailing_id=mailing["id"], opens_at=now - 3 * MINUTE, held_until=now - MINUTE)
    mailings.add_wave(dead)
    _command(stack, "tick")
    _is_told(stack, [m.LOST_HINTS, m.STALLED, m.WAVES, m.RUNNING])

    def search() -> None:
        stack.client("sqs").purge_queue(QueueUrl=stack.outputs["MessageQueueUrl"])
        _command(stack, "listen")

    _is_told(stack, [m.SEARCHES], meanwhile=search)
    operator.call("POST", f"/mailings/{mailing['id']}/cancel")


def _left_over(stack: LocalStack) -> None:
    """A mailing that somebody settles for far too long, and a record that nobody could deliver."""
    now = SystemClock().now()
    begun = now - 60 * MINUTE
    left = a_mailing(
        created_at=begun,
        updated_at=begun,
        starts_at=begun,
        ends_at=now - 20 * MINUTE,
        status=MailingStatus.RUNNING,
        closing=True,
        holder=3,
        due_at=now + 2 * MINUTE,
    )
    mailings = MailingsTable(stack.client("dynamodb"), stack.outputs["MailingsTable"])
    mailings.add(left, None)
    sqs, undeliverable = stack.client("sqs"), stack.outputs["UndeliverableUrl"]
    sqs.send_message(QueueUrl=undeliverable, MessageBody="a note")
    _command(stack, "tick")
    _is_told(stack, [m.OVERDUE, m.DEAD_LETTERS])
    sqs.purge_queue(QueueUrl=undeliverable)


def _ends(stack: LocalStack, operator: Operator, gateway: Control) -> None:
    """What was surely not accepted expires; what may have been is not known."""
    for mood, measure in ((Mood.HTTP_401, m.EXPIRED), (Mood.HTTP_503, m.UNKNOWN)):
        gateway.behave(Behaviour(shares={mood: 1}))
        operator.mail(ends_at=in_s(6))
        _is_told(stack, [measure])


def _down(stack: LocalStack) -> None:
    functions, name = stack.client("lambda"), stack.outputs["SenderFunction"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name,
        Environment={"Variables": {**variables, "GATEWAY_URL": NOBODY_LISTENS}},
    )
    many = Operator(stack, "many")
    many.add_clients(81_000, MANY)
    many.mail(ends_at=in_s(600))
    _is_told(stack, [m.UNREACHABLE, m.BREAKER_OPENED, m.SPARED])


def _command(stack: LocalStack, kind: str) -> None:
    queue = stack.outputs["FanoutQueueUrl"]
    stack.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"kind": kind}))


def _is_told(
    stack: LocalStack,
    measures: Iterable[m.Measure],
    *,
    meanwhile: Callable[[], Any] = lambda: None,
) -> None:
    wanted = {each.name for each in measures}

    def missing() -> set[str]:
        meanwhile()
        return wanted - {each.name for each in told(stack)}

    until(missing, lambda names: not names, limit_s=LIMIT_S)
