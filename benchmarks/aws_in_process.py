"""As much of AWS as a mailing asks for, in this process: counted tables, streams and queues.

Clients of a session that is led here ask nobody: what they would send goes to MiniStack's tables,
and to queues that are lists. Each request is counted on its way.
"""

import itertools
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

from botocore.session import Session

from benchmarks.counting import Tally
from benchmarks.emulated_tables import EmulatedTables
from benchmarks.metering import Change, Meter, Statement
from benchmarks.units import Item

REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"

Definitions = Mapping[str, Mapping[str, Any]]
"""What CreateTable wants to know of each table, by its name in `infra`, such as `Clients`."""

_OK: Final = 200
_accounts: Final = itertools.count(1)


class Aws:
    """An account with these tables; `remove` forgets them."""

    def __init__(self, definitions: Definitions) -> None:
        from ministack.services import dynamodb

        self.tally = Tally()
        self.meter = Meter(EmulatedTables(dynamodb), self._changed)
        self.changes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """What each table's stream holds and nobody has read yet."""
        self._dynamodb = dynamodb
        self._queues: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._numbers = itertools.count(1)
        number = next(_accounts)
        self.tables = {f"counted-{number}-{name.lower()}": name for name in definitions}
        for table, name in self.tables.items():
            self._ask("CreateTable", {"TableName": table, **definitions[name]})

    def lead_here(self, session: Session) -> None:
        """From now on its clients come here."""
        session.register("before-call", self._instead_of_a_call)  # type: ignore[arg-type]

    def put(self, table: str, items: Sequence[Item]) -> None:
        """Put items there without counting it; no stream shows them."""
        for item in items:
            self._ask("PutItem", {"TableName": table, "Item": item})

    def give(self, queue: str, body: str) -> None:
        """Put a record into a queue as another service does, without counting it."""
        record_id = str(uuid.UUID(int=next(self._numbers)))  # as long as those of SQS
        self._queues[queue].append(
            {
                "messageId": record_id,
                "receiptHandle": record_id,
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
            }
        )

    def take(self, queue: str, batch: int) -> list[dict[str, Any]]:
        """Records as Lambda hands them to a function; they are gone."""
        waiting = self._queues[queue]
        self._queues[queue] = waiting[batch:]
        return waiting[:batch]

    def is_quiet(self) -> bool:
        """Whether all queues are empty."""
        return not any(self._queues.values())

    def remove(self) -> None:
        """Forget the tables."""
        for name in self.tables:
            self._ask("DeleteTable", {"TableName": name})

    def _changed(self, change: Change) -> None:
        images = {"OldImage": change.before, "NewImage": change.after}
        present = {kind: image for kind, image in images.items() if image is not None}
        event = "MODIFY" if len(present) == 2 else "INSERT" if change.after else "REMOVE"
        sequence = f"{next(self._numbers):021d}"
        self.changes[self.tables[change.table]].append(
            {
                "eventID": sequence,
                "eventName": event,
                "eventSourceARN": change.table,
                "dynamodb": {"Keys": change.key, **present, "SequenceNumber": sequence},
            }
        )

    def _instead_of_a_call(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        """botocore takes what this returns for the answer: how it went, and what was said."""
        request = json.loads(params["body"] or "{}")
        service, operation = model.service_model.service_name, model.name
        status = _OK
        match service:
            case "dynamodb":
                answer = self.meter.passes(
                    operation, request, lambda: self._ask(operation, request)
                )
                status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", _OK)
            case "sqs":
                self.tally.sqs(operation, len(params["body"]) if "Entries" in request else 0)
                answer = self._of_queue(operation, request)
            case "secretsmanager":
                answer = {"SecretString": "token"}
            case "scheduler":
                answer = {}
            case _:
                raise RuntimeError(f"{service}.{operation} is not part of this world")
        return SimpleNamespace(status_code=status, headers={}), answer

    def _of_queue(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        queue = request["QueueUrl"].rpartition("/")[2]
        match operation:
            case "SendMessageBatch":
                for entry in request["Entries"]:
                    self.give(queue, entry["MessageBody"])
                return {"Successful": [{"Id": each["Id"]} for each in request["Entries"]]}
            case "GetQueueAttributes":
                numbers = dict.fromkeys(request["AttributeNames"], "0")
                numbers["ApproximateNumberOfMessages"] = str(len(self._queues[queue]))
                return {"Attributes": numbers}
        raise RuntimeError(f"{operation} is not part of this world")

    def _ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """MiniStack's answer, and an error in the words in which botocore parses one."""
        if operation == "BatchExecuteStatement":
            return {"Responses": list(self._execute(request["Statements"]))}
        headers = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
        body = json.dumps(request).encode()
        status, _, text = _ended(self._dynamodb.handle_request("POST", "/", headers, body, {}))
        answer: dict[str, Any] = json.loads(text)
        if status != _OK:
            code = answer.pop("__type", "").rpartition("#")[2]
            answer["Error"] = {"Code": code, "Message": answer.pop("message", "")}
            answer["ResponseMetadata"] = {"HTTPStatusCode": status}
        return answer

    def _execute(self, statements: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """MiniStack's own way of these takes longer than all else here together."""
        tables = self.meter.tables
        for each in statements:
            statement = Statement.read(each["Statement"], each["Parameters"])
            key = statement.key(tables.keys(statement.table))
            stored = tables.item(statement.table, key)
            if refused := statement.refused(stored):
                yield {"Error": {"Code": refused}}
                continue
            partition, sort = (self._dynamodb._extract_key_val(value) for value in key.values())
            table = self._dynamodb._tables[statement.table]
            item = {**(stored or {}), **statement.values}
            self._dynamodb._set_item(table, partition, sort, item)
            yield {"TableName": statement.table}


def _ended(coroutine: Any) -> Any:
    """What one returns that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise RuntimeError("it waits for something")
