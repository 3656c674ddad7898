"""What a message may ask of AWS: a mailing of 1,000 through the real handlers stays in its budget.

The handlers run in this process over the emulator's tables; units come from the sizes of items by
AWS's rules (`benchmarks.units`). Whoever adds a read, a write, a request or a line to a message's
way makes this fail, and then either finds a cheaper way or raises the budget and says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from benchmarks.counting import Counts
from benchmarks.one_mailing import count_tick, send_mailing
from benchmarks.one_process import World, world
from tests.contract.cloud import Definitions

CLIENTS = 1000


@dataclass(frozen=True)
class Limit:
    """The most that a message may ask for, with its mailing's start and end shared by 1,000."""

    most: float
    why: str


BUDGET = {
    "write units": Limit(
        3.10,
        "insert, claim and outcome are 3; for 100 messages one of the gateway's journal, 0.01; for"
        " a thousand changes twelve of the counters, 0.04; the mailing itself 65, of which its"
        " slices are 48: at a million messages that is nothing, and the whole 3.05",
    ),
    "read units": Limit(
        0.71,
        "a client read eventually by the sender 0.5; the scan of the audience 0.04 to 0.06; the"
        " pass that verifies that all is done 0.1; the rest is the mailing's, which each sender"
        " reads every two seconds: at a million messages 0.63",
    ),
    "SQS requests": Limit(
        0.335,
        "ten records in each of: a send, a receive, a delete, 0.3; commands of the fan-out, 0.03",
    ),
    "gateway calls": Limit(1.0, "one call for one message"),
    "invocations": Limit(
        0.028, "a sender for a hundred, the counters for a thousand changes, 14 for the mailing"
    ),
    "log bytes": Limit(
        140,
        "an id in each of four lists 80, a call's time 4, Lambda's own lines 20: 111 at a million"
        " messages; the lines about the mailing 25 of each of a thousand",
    ),
    "stream records": Limit(3.01, "one for each write of a message"),
}


def excess(counts: Counts) -> dict[str, float]:
    """What is over the budget, and by how much."""
    found = counts.per_message()
    assert found.keys() == BUDGET.keys()
    return {
        name: round(found[name] - limit.most, 4)
        for name, limit in BUDGET.items()
        if found[name] > limit.most
    }


@dataclass
class Sent:
    """A world in which a mailing was sent."""

    world: World

    @property
    def counts(self) -> Counts:
        """Up to now."""
        return self.world.counts(messages=CLIENTS)


@pytest.fixture(scope="module")
def sent(definitions: Definitions) -> Iterator[Sent]:
    with world(definitions) as ours:
        send_mailing(ours, CLIENTS)
        yield Sent(ours)


def test_a_message_stays_in_its_budget(sent: Sent) -> None:
    counts = sent.counts
    print(counts.per_message())  # `pytest -s` shows it
    assert counts.gateway_calls == CLIENTS
    assert excess(counts) == {}


def test_the_budget_is_tight(sent: Sent) -> None:
    """Else something could grow by a tenth without a word."""
    found = sent.counts.per_message()
    slack = {name: limit.most / found[name] for name, limit in BUDGET.items()}
    assert {name for name, share in slack.items() if share > 1.1} == set()


def test_an_idle_tick_reads_once_and_emits_no_metric(definitions: Definitions) -> None:
    """It comes 43,800 times a month."""
    tick = count_tick(definitions)
    assert tick.metrics == 0
    assert sum(tick.counts.write_units.values()) == 0
    assert tick.counts.read_units == {"mailings": 0.5}
    assert tick.counts.invocations == {"fanout": 1}
    # Four queues of dead letters; and the command, which Lambda receives and deletes.
    asked = {name: number for name, number in tick.counts.sqs_requests.items() if number}
    assert asked == {"GetQueueAttributes": 4, "ReceiveMessage": 1, "DeleteMessageBatch": 1}
    assert tick.counts.log_bytes < 1300


def _read_each_client_once_more(ours: World) -> None:
    client = ours.client("dynamodb")
    for first in range(0, CLIENTS, 100):
        keys = [{"client_id": {"S": f"{n:016d}"}} for n in range(first, first + 100)]
        client.batch_get_item(RequestItems={ours.table("Clients"): {"Keys": keys}})


def _write_once_more_for_each(ours: World) -> None:
    client = ours.client("dynamodb")
    for first in range(0, CLIENTS, 25):
        items = [{"item": {"S": f"note#{n}"}} for n in range(first, first + 25)]
        puts = [{"PutRequest": {"Item": each}} for each in items]
        client.batch_write_item(RequestItems={ours.table("Gateway"): puts})


def _ring_twice(ours: World) -> None:
    client, url = ours.client("sqs"), ours.settings["MESSAGE_QUEUE_URL"]
    for _ in range(CLIENTS // 10):
        client.send_message_batch(QueueUrl=url, Entries=[])


def _say_so(ours: World) -> None:
    ours.aws.tally.logged("\n".join(["another line"] * CLIENTS))


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (_read_each_client_once_more, "read units"),
        (_write_once_more_for_each, "write units"),
        (_ring_twice, "SQS requests"),
        (_say_so, "log bytes"),
    ],
)
def test_what_is_asked_for_once_more_is_noticed(
    sent: Sent, planted: Callable[[World], None], found: str
) -> None:
    before = sent.counts.per_message()[found]
    planted(sent.world)
    assert excess(sent.counts)[found] > 0
    assert sent.counts.per_message()[found] - before > 0.09
