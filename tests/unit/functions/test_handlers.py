"""The Lambda entries behind queues and streams, composed from an environment over moto's AWS."""

import importlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any, Final

import pytest
from moto import mock_aws
from pydantic import ValidationError

from carillon.adapters import aws
from carillon.adapters.client_items import client_item
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.mailing_items import mailing_item
from carillon.adapters.message_items import message_item, message_key
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemClock
from carillon.adapters.trials_table import trial_item
from carillon.errors import Unavailable
from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Doorbell,
    TrialBell,
    parse_command,
)
from carillon.models.imports import Import, ImportStatus, upload_key
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.statistics import Counts
from functions.planner.invocation import plan_batch
from tests.fakes.samples import a_client, a_mailing, a_message, a_trial
from tests.measuring import emitted
from tests.unit.lambda_events import queue_record, stream_record
from tests.unit.usecases.stage import Stage, before, outage

ACCOUNT = "123456789012"
REGION: Final = "eu-central-1"
KEYS = {
    "clients": ("client_id",),
    "mailings": ("mailing_id", "item"),
    "messages": ("part", "client_id"),
    "stats": ("mailing_id", "item"),
    "gateway": ("item",),
    "phones": ("phone",),
    "imports": ("import_id",),
    "idempotency": ("key",),
}
QUEUES = ("fanout", "message", "import")
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token"
SETTINGS = {
    **{f"{name.upper()}_TABLE": name for name in KEYS},
    **{
        f"{name.upper()}_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
        for name in QUEUES
    },
    "FANOUT_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:fanout",
    "SCHEDULE_GROUP": "hints",
    "SCHEDULE_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/hints",
    "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:undeliverable",
    "GATEWAY_URL": "http://127.0.0.1:9",
    "GATEWAY_TOKEN_SECRET_ARN": SECRET_ARN,
    "GATEWAY_TIMEOUT_S": "5",
    "GATEWAY_PARTS_PER_S": "",
    "GATEWAY_RETRY_UNKNOWN": "true",
    "CALLS_AT_ONCE": "2",
    "UPLOADS_BUCKET": "uploads",
    "SLICES": "3",
    "RETENTION_DAYS": "30",
    **dict.fromkeys(
        (
            "MESSAGE_DEAD_LETTERS_URL",
            "FANOUT_DEAD_LETTERS_URL",
            "IMPORT_DEAD_LETTERS_URL",
            "UNDELIVERABLE_URL",
        ),
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/fanout",
    ),
    "DIGEST_SENDER": "carillon@example.com",
    "DIGEST_RECIPIENTS": "ops@example.com,night@example.com",
    "DIGEST_TIMEZONE": "Europe/Moscow",
    "DIGEST_HOUR": "8",
    "PAGE_URL": "https://mailings.example.com/",
}
AMAZON = {
    "POWERTOOLS_SERVICE_NAME": "unit-tests",
    "POWERTOOLS_METRICS_NAMESPACE": "Carillon",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account in this process with what the stack makes there, and nobody else's."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in AMAZON.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        for table, keys in KEYS.items():
            _create_table(table, keys)
        for queue in QUEUES:
            aws.client("sqs").create_queue(QueueName=queue)
        aws.client("scheduler").create_schedule_group(Name="hints")
        aws.client("secretsmanager").create_secret(Name="token", SecretString="open sesame")
        yield


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    """A handler turns the package's log lines into JSON on stdout; others want theirs as before."""
    package = logging.getLogger("carillon")
    before = package.handlers, package.level, package.propagate
    yield
    package.handlers, package.level, package.propagate = before


def _create_table(name: str, keys: tuple[str, ...]) -> None:
    roles = zip(keys, ("HASH", "RANGE"), strict=False)
    aws.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": role} for key, role in roles],  # type: ignore[typeddict-item]
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )


@contextmanager
def cold_start(name: str, environment: Mapping[str, str]) -> Iterator[Any]:
    """The function's entry, imported as Lambda does it, and forgotten afterwards."""
    module = f"functions.{name}.handler"
    with pytest.MonkeyPatch.context() as patch:
        for variable in SETTINGS:
            patch.delenv(variable, raising=False)
        for variable, value in environment.items():
            patch.setenv(variable, value)
        sys.modules.pop(module, None)
        try:
            yield importlib.import_module(module).handler
        finally:
            sys.modules.pop(module, None)


def invoke(name: str, event: Mapping[str, Any], **settings: str) -> Any:
    """One invocation after a cold start, with its answer as Lambda sends it on: JSON."""
    context = SimpleNamespace(
        function_name=name,
        memory_limit_in_mb=512,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        aws_request_id="52fdfc07-2182-454f-963f-5f0f9a621d72",
        get_remaining_time_in_millis=lambda: 60_000,
    )
    with cold_start(name, SETTINGS | settings) as handler:
        return json.loads(json.dumps(handler(event, context)))


def put(table: str, item: dict[str, Any]) -> None:
    aws.client("dynamodb").put_item(TableName=table, Item=item)


def get(table: str, key: dict[str, Any]) -> dict[str, Any]:
    return dict(aws.client("dynamodb").get_item(TableName=table, Key=key)["Item"])


def commands() -> list[Command]:
    """What can be received from the fan-out queue now."""
    url = SETTINGS["FANOUT_QUEUE_URL"]
    answer = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [parse_command(each["Body"]) for each in answer.get("Messages", [])]


def planned(**fields: Any) -> Mailing:
    """A mailing from an hour ago until in an hour."""
    now = SystemClock().now()
    return a_mailing(**{"starts_at": now - HOUR, "ends_at": now + HOUR, **fields})


def failed(*numbers: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": f"id-{number}"} for number in numbers]}


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("planner", ["FANOUT_QUEUE_URL", "FANOUT_QUEUE_ARN", "SCHEDULE_GROUP"]),
        ("fanout", ["CLIENTS_TABLE", "MESSAGE_QUEUE_URL", "SLICES", "RETENTION_DAYS"]),
        ("sender", ["GATEWAY_URL", "GATEWAY_TOKEN_SECRET_ARN", "CALLS_AT_ONCE"]),
        ("stats", ["STATS_TABLE", "FANOUT_QUEUE_URL"]),
        ("importer", ["PHONES_TABLE", "IMPORTS_TABLE", "UPLOADS_BUCKET", "IMPORT_QUEUE_URL"]),
        ("digest", ["STATS_TABLE", "UNDELIVERABLE_URL", "DIGEST_SENDER", "DIGEST_HOUR"]),
    ],
)
def test_a_missing_setting_fails_the_start_and_not_the_work(name: str, reads: list[str]) -> None:
    with pytest.raises(ValidationError) as refusal, cold_start(name, {}):
        pass
    assert all(variable in str(refusal.value) for variable in reads)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("fanout", {"SLICES": "0"}),
        ("fanout", {"SLICES": "100"}),
        ("fanout", {"RETENTION_DAYS": "0"}),
        ("sender", {"GATEWAY_TIMEOUT_S": "0.5"}),
        ("sender", {"GATEWAY_TIMEOUT_S": "soon"}),
        ("sender", {"GATEWAY_PARTS_PER_S": "0"}),
        ("sender", {"GATEWAY_PARTS_PER_S": "fast"}),
        ("sender", {"GATEWAY_RETRY_UNKNOWN": "perhaps"}),
        ("sender", {"CALLS_AT_ONCE": "0"}),
        ("digest", {"DIGEST_TIMEZONE": "Moscow"}),
        ("digest", {"DIGEST_HOUR": "24"}),
    ],
)
def test_an_impossible_setting_fails_the_start(name: str, wrong: dict[str, str]) -> None:
    [variable] = wrong
    with pytest.raises(ValidationError, match=variable), cold_start(name, SETTINGS | wrong):
        pass


# planner


MAILING_KEY = {"mailing_id": {"S": "m0000001"}, "item": {"S": "mailing"}}


def mailing_record(old: Mailing | None, new: Mailing | None) -> dict[str, Any]:
    return stream_record(
        MAILING_KEY,
        old=mailing_item(old) if old else None,
        new=mailing_item(new) if new else None,
    )


def test_planner_turns_changes_into_schedules_and_commands() -> None:
    mailing = planned()
    cancelled = mailing.changed(status=MailingStatus.CANCELLED)
    event = {"Records": [mailing_record(None, mailing), mailing_record(cancelled, None)]}
    assert invoke("planner", event) is None
    assert commands() == [Advance(mailing_id=mailing.id, at=mailing.starts_at)]
    [schedule] = aws.client("scheduler").list_schedules(GroupName="hints")["Schedules"]
    assert schedule["Name"].startswith("m0000001-end-")
    assert schedule["Target"]["Arn"] == SETTINGS["FANOUT_QUEUE_ARN"]


def test_planner_sets_a_record_aside_that_cannot_be_read() -> None:
    mailing = planned()
    corrupt = mailing_item(mailing) | {"status": {"S": "forgotten"}}
    records = [stream_record(MAILING_KEY, new=corrupt), mailing_record(None, mailing)]
    invoke("planner", {"Records": records})
    assert commands() == [Advance(mailing_id=mailing.id, at=mailing.starts_at)]


def test_planner_rings_for_a_trial() -> None:
    key = {"mailing_id": {"S": "m0000001"}, "item": {"S": "test#t0000001"}}
    records = [mailing_record(None, planned()), stream_record(key, new=trial_item(a_trial()))]
    invoke("planner", {"Records": records})
    url = SETTINGS["MESSAGE_QUEUE_URL"]
    [rung] = aws.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert json.loads(rung["Body"]) == {"mailing_id": "m0000001", "test_id": "t0000001"}
    assert len(commands()) == 1


def test_planner_rings_for_a_trial_also_while_a_mailing_cannot_be_planned() -> None:
    stage = Stage()
    stage.schedules = before(stage.schedules, "create", outage)
    key = {"mailing_id": {"S": "m0000001"}, "item": {"S": "test#t0000001"}}
    records = [mailing_record(None, planned()), stream_record(key, new=trial_item(a_trial()))]
    with pytest.raises(Unavailable):
        plan_batch({"Records": records}, planner=stage.planner, trial_bells=stage.trial_bells)
    assert [each.value.test_id for each in stage.trial_bells.queued] == ["t0000001"]


# fanout


def test_fanout_works_what_it_can_and_names_the_rest() -> None:
    mailing = planned()
    put("mailings", mailing_item(mailing))
    running = planned(id="m0000002", status=MailingStatus.RUNNING, slices=1)
    put("mailings", mailing_item(running))
    begin = Advance(mailing_id=mailing.id, at=mailing.starts_at)
    foreign = Close(mailing_id=running.id, cursor="not ours", revisions=0)
    bodies = ["garbage", foreign.model_dump_json(), '{"kind": "dance"}', begin.model_dump_json()]
    event = {"Records": [queue_record(n, body) for n, body in enumerate(bodies, start=1)]}
    assert invoke("fanout", event) == failed(2, 1, 3)
    assert {each.kind for each in commands()} == {"slice"}
    begun = get("mailings", MAILING_KEY)
    assert (begun["status"], begun["slices"]) == ({"S": "running"}, {"N": "3"})


STRANGE_IDS = {"empty": "", "huge": "x" * 3000, "two in one": "m#1", "a line": "m1\n"}


@pytest.mark.parametrize("strange", STRANGE_IDS.values(), ids=STRANGE_IDS.keys())
def test_fanout_lets_no_table_stumble_over_an_id(strange: str) -> None:
    mailing = planned()
    put("mailings", mailing_item(mailing))
    begin = Advance(mailing_id=mailing.id, at=mailing.starts_at).model_dump_json()
    other = json.dumps({**json.loads(begin), "mailing_id": strange})
    event = {"Records": [queue_record(1, other), queue_record(2, begin)]}
    assert invoke("fanout", event) == failed(1)
    assert get("mailings", MAILING_KEY)["status"] == {"S": "running"}


def test_fanout_answers_that_nothing_failed() -> None:
    close = Close(mailing_id="m0000404")
    assert invoke("fanout", {"Records": [queue_record(1, close.model_dump_json())]}) == failed()


# sender


class Gateway(BaseHTTPRequestHandler):
    """Takes every message; `requests` has what it was told."""

    requests: list[tuple[str, str | None, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.path, self.headers["Authorization"], body))
        answer = b'{"code": 0, "message": "OK"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def gateway() -> Iterator[tuple[str, list[tuple[str, str | None, Any]]]]:
    requests: list[tuple[str, str | None, Any]] = []
    serving = type("Serving", (Gateway,), {"requests": requests, "protocol_version": "HTTP/1.0"})
    with HTTPServer(("127.0.0.1", 0), serving) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def written() -> Iterator[list[list[Any]]]:
    """The values of each PartiQL statement, all of which succeed: moto reads no UPDATE of ours."""
    values: list[list[Any]] = []

    def answer(params: dict[str, Any], **_: object) -> Any:
        statements = json.loads(params["body"])["Statements"]
        values.extend(each["Parameters"] for each in statements)
        return SimpleNamespace(status_code=200), {"Responses": [{}] * len(statements)}

    event = "before-call.dynamodb.BatchExecuteStatement"
    events = aws.session().get_component("event_emitter")
    events.register_first(event, answer)
    yield values
    events.unregister(event, answer)


@pytest.mark.enable_socket  # on the loopback interface only
@pytest.mark.parametrize(("parts_per_s", "paced"), [("", False), ("20", True)])
def test_sender_delivers_and_sets_a_corrupt_body_aside(parts_per_s: str, paced: bool) -> None:
    put("clients", client_item(a_client()))
    put("mailings", mailing_item(planned(status=MailingStatus.RUNNING, text="Good morning")))
    put("messages", message_item(a_message(not_before=SystemClock().now())))
    rung = Doorbell(mailing_id="m0000001", client_id="c0000001")
    event = {"Records": [queue_record(1, "garbage"), queue_record(2, rung.model_dump_json())]}
    with gateway() as (url, requests), written() as values:
        answer = invoke("sender", event, GATEWAY_URL=url, GATEWAY_PARTS_PER_S=parts_per_s)
        assert answer == failed(1)
    noted = aws.client("dynamodb").scan(TableName="gateway")["Items"]
    assert any(each["item"] == {"S": "pace"} for each in noted) == paced
    [(path, authorization, body)] = requests
    assert path == f"/send/{body['id']}"
    assert authorization == "Bearer open sesame"
    assert (body["phone"], body["text"]) == (79000000001, "Good morning")
    claim, outcome = values
    assert {"N": "1"} in claim  # attempts
    assert {"S": "sent"} in outcome


@pytest.mark.enable_socket  # on the loopback interface only
def test_sender_makes_a_trial_and_notes_what_its_call_was_like() -> None:
    now = SystemClock().now()
    put("mailings", mailing_item(planned(status=MailingStatus.PAUSED)))
    put("mailings", trial_item(a_trial(created_at=now, text="Good morning")))
    bell = TrialBell(mailing_id="m0000001", test_id="t0000001").model_dump_json()
    with gateway() as (url, requests):
        event = {"Records": [queue_record(1, bell), queue_record(2, bell)]}
        assert invoke("sender", event, GATEWAY_URL=url) == failed()
    [(_, authorization, body)] = requests
    assert authorization == "Bearer open sesame"
    assert (body["phone"], body["text"]) == (79030000001, "Good morning")
    item = get("mailings", {"mailing_id": {"S": "m0000001"}, "item": {"S": "test#t0000001"}})
    assert (item["status"], item["attempts"]) == ({"S": "sent"}, {"N": "1"})
    [minute] = aws.client("dynamodb").scan(TableName="gateway")["Items"]
    assert minute["item"]["S"].startswith("minute#")
    assert minute["accepted"] == {"N": "1"}


@pytest.mark.parametrize("strange", STRANGE_IDS.values(), ids=STRANGE_IDS.keys())
@pytest.mark.parametrize("field", ["mailing_id", "client_id"])
def test_sender_lets_no_table_stumble_over_an_id(field: str, strange: str) -> None:
    gone = Doorbell(mailing_id="m0000404", client_id="c0000001").model_dump_json()
    other = json.dumps({**json.loads(gone), field: strange})
    event = {"Records": [queue_record(1, other), queue_record(2, gone)]}
    assert invoke("sender", event) == failed(1)


def test_sender_drops_the_doorbell_of_a_mailing_that_is_gone() -> None:
    rung = Doorbell(mailing_id="m0000404", client_id="c0000001")
    assert invoke("sender", {"Records": [queue_record(1, rung.model_dump_json())]}) == failed()


# stats


def message_record(sequence: int, status: str) -> dict[str, Any]:
    """A message made in this status, whatever that is."""
    item = message_item(a_message(sequence)) | {"status": {"S": status}}
    keys = message_key("m0000001", f"c{sequence:07d}")
    return stream_record(keys, sequence=str(sequence), new=item)


TUMBLING = {
    "window": {"start": "2026-11-21T10:00:00Z", "end": "2026-11-21T10:00:30Z"},
    "state": {},
    "shardId": "shardId-00000001",
    "eventSourceARN": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/messages/stream/now",
    "isFinalInvokeForWindow": False,
    "isWindowTerminatedEarly": False,
}
"""What an event has besides when its source has a tumbling window.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
"""


def statistics() -> DynamoStatistics:
    return DynamoStatistics(aws.client("dynamodb"), "stats")


def test_stats_counts_a_shards_batch_once_and_answers_with_an_empty_state() -> None:
    records = [message_record(1, "sent"), message_record(2, "pending")]
    for _ in range(2):
        assert invoke("stats", {"Records": records, **TUMBLING}) == {"state": {}}
    assert statistics().overall() == Counts(total=2, sent=1, pending=1)
    assert statistics().position("shardId-00000001") == "2"
    assert not commands()


def test_stats_accepts_the_windows_last_call_without_records() -> None:
    last = {"Records": [], **TUMBLING, "isFinalInvokeForWindow": True}
    assert invoke("stats", last) == {"state": {}}


def test_stats_without_a_window_takes_the_stream_for_its_one_shard() -> None:
    record = message_record(7, "sent")
    assert invoke("stats", {"Records": [record]}) == {"state": {}}
    assert statistics().position(record["eventSourceARN"]) == "7"
    assert commands() == [Close(mailing_id="m0000001")]


def test_stats_counts_the_neighbours_of_a_record_that_cannot_be_read() -> None:
    statuses = ("sent", "forgotten", "sent")
    records = [message_record(n, status) for n, status in enumerate(statuses, start=1)]
    assert invoke("stats", {"Records": records, **TUMBLING}) == {"state": {}}
    assert statistics().overall() == Counts(total=2, sent=2)


def test_an_invocation_tells_its_measures_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    invoke("stats", {"Records": [message_record(1, "sent"), message_record(2, "failed")]})
    [told] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert {each.name: values for each, values in emitted(told).items()} == {
        "MessagesMade": [2],
        "MessagesSent": [1],
        "MessagesFailed": [1],
        "MessagesLost": [1],
    }


def test_an_invocation_that_measured_nothing_tells_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    invoke("stats", {"Records": [], **TUMBLING})
    assert "_aws" not in capsys.readouterr().out


# importer


def test_importer_works_what_it_can_and_names_the_rest() -> None:
    imports = ImportsTable(aws.client("dynamodb"), table="imports")
    imports.add(Import.new("i0000001", SystemClock().now()), None)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(
        Bucket="uploads",
        Key=upload_key("i0000001"),
        Body=b"phone,timezone\n79000000001,Europe/Moscow\nnobody,\n",
    )
    uploaded = {"Records": [{"s3": {"object": {"key": upload_key("i0000001")}}}]}
    bodies = ["garbage", json.dumps(uploaded), '{"Event": "s3:TestEvent"}']
    event = {"Records": [queue_record(n, body) for n, body in enumerate(bodies, start=1)]}

    assert invoke("importer", event) == failed(1)
    done = imports.get("i0000001")
    assert done is not None
    assert (done.status, done.created, done.rejected) == (ImportStatus.FINISHED, 1, 1)
    phone = get("phones", {"phone": {"S": "79000000001"}})
    client = get("clients", {"client_id": phone["client_id"]})
    assert client["operator_code"] == {"S": "900"}
