"""What moves the functions in the story: the sources that Lambda would poll, and the gateway."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import requests

from tests.privilege.functions import Functions
from tests.unit.api.calling import event

ROUNDS_MAX = 60
"""Far more than any step of the story needs until nothing moves any more."""


class Failed(AssertionError):
    """A function failed, or its answer is not what the story expects."""


@dataclass
class Gateway:
    """Answers every call with `status`, after what happens `meanwhile`, once."""

    url: str = ""
    status: int = 200
    meanwhile: Callable[[], None] | None = None


@contextmanager
def gateway() -> Iterator[Gateway]:
    """One that listens on this machine."""
    ours = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if happens := ours.meanwhile:
                ours.meanwhile = None
                happens()
            body = b'{"code": 0, "message": "OK"}'
            self.send_response(ours.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    ours.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield ours
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _everything(_record: Any) -> bool:
    return True


def _to_be_planned(record: Any) -> bool:
    """As the planner's event source filters."""
    item: str = record["dynamodb"]["Keys"]["item"]["S"]
    return item == "mailing" or (record["eventName"] == "INSERT" and item.startswith("test#"))


@dataclass
class World:
    """Takes from queues and streams as Lambda does, as root; the functions act as their roles."""

    functions: Functions
    gateway: Gateway
    _places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        account = self.functions.account
        self.sqs = account.client("sqs")
        self.dynamodb = account.client("dynamodb")
        self._streams = account.client("dynamodbstreams")
        self.settings = {
            name: value
            for function in account.template.functions()
            for name, value in account.settings(function).items()
        }

    def call(
        self, method: str, path: str, body: object = None, *, status: int, **headers: str
    ) -> Any:
        """One request of the API; its answer, which must have this status."""
        return json.loads(self._request(method, path, body, status=status, **headers) or "null")

    def text(self, path: str) -> str:
        """What a GET answers that is no JSON."""
        return self._request("GET", path, None, status=200)

    def _request(self, method: str, path: str, body: object, *, status: int, **headers: str) -> str:
        text = None if body is None else json.dumps(body)
        path, _, query = path.partition("?")
        names: dict[str, object] = {**dict(parse_qsl(query))}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = event(method, f"/api/v1{path}", text, headers=sent, query=names)
        answer = self.functions.invoke("api", request)
        if answer["statusCode"] != status:
            raise Failed(f"{method} {path}: {answer['statusCode']} {answer['body']}")
        return str(answer["body"])

    def plan(self) -> bool:
        """Hand the planner what changed of mailings, and trials that are new."""
        return self._read("planner", "MAILINGS_TABLE", only=_to_be_planned)

    def count(self) -> bool:
        """Hand the counters what changed of messages."""
        return self._read("stats", "MESSAGES_TABLE")

    def work(self) -> bool:
        """Hand the fan-out its commands, one at a time."""
        return self._take("fanout", "FANOUT_QUEUE_URL", batch=1)

    def deliver(self) -> bool:
        """Hand the sender its doorbells."""
        return self._take("sender", "MESSAGE_QUEUE_URL", batch=10)

    def bring_in(self) -> bool:
        """Hand the importer its records, one at a time."""
        return self._take("importer", "IMPORT_QUEUE_URL", batch=1)

    def upload(self, view: Any, content: str) -> None:
        """Send a file where an import awaits it."""
        way = view["upload"]
        sent = requests.request(
            way["method"], way["url"], data=content, headers=way["headers"], timeout=10
        )
        if not sent.ok:
            raise Failed(f"the upload was answered {sent.status_code}")

    def settle(self) -> None:
        """Until nothing moves any more."""
        for _ in range(ROUNDS_MAX):
            if not any([self.plan(), self.work(), self.deliver(), self.count()]):
                return
        raise Failed("it goes round and round")

    def send(self, queue: str, body: str) -> None:
        """Put a record into a queue, given by the setting that names it."""
        self.sqs.send_message(QueueUrl=self.settings[queue], MessageBody=body)

    def refused_record(self, function: str, queue: str) -> None:
        """Hand over the one record there is; it must be given back."""
        self._take(function, queue, batch=1, fails=True)

    def _take(self, function: str, queue: str, *, batch: int, fails: bool = False) -> bool:
        url = self.settings[queue]
        answer = self.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=batch,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        records = [
            {
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "body": each["Body"],
                "attributes": each["Attributes"],
            }
            for each in answer.get("Messages", [])
        ]
        if not records:
            return False
        failures = self.functions.invoke(function, {"Records": records})["batchItemFailures"]
        if bool(failures) != fails:
            raise Failed(f"{function} gave {len(failures)} of {len(records)} records back")
        for record in records:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
        return True

    def _read(
        self, function: str, table: str, *, only: Callable[[Any], bool] = _everything
    ) -> bool:
        name = self.settings[table]
        if name not in self._places:
            stream = self.dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
            [shard] = self._streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
            self._places[name] = self._streams.get_shard_iterator(
                StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
        answer = self._streams.get_records(ShardIterator=self._places[name])
        self._places[name] = answer["NextShardIterator"]
        records = [{**each, "eventSourceARN": name} for each in answer["Records"] if only(each)]
        if records:
            self.functions.invoke(function, {"Records": records})
        return bool(records)
