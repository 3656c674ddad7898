"""A short day of Carillon's, in which each function asks for everything that it ever asks for.

Each chapter is one thing that an operator does or that befalls the stack. It fails when a function
fails, or when what should come of it does not.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.outbox import verify
from tests.privilege.account import Account
from tests.privilege.functions import LAMBDA_S, Asked, started
from tests.privilege.world import Failed, Gateway, World

HOUR = timedelta(hours=1)
DIGEST_SENDER = "carillon@carillon.test"
NEVER = {"start": "00:00", "end": "00:01"}


class Story:
    """The chapters in order; each leaves behind what the next ones need."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._call = world.call
        self._clients: list[Any] = []

    def chapters(self) -> Mapping[str, Callable[[], None]]:
        """By what happens."""
        return {
            "clients come in": self.clients,
            "a mailing is sent": self.sent,
            "the operator looks": self.looks,
            "the operator looks around": self.looks_around,
            "a digest is sent": self.digested,
            "somebody opens the dashboard": self.looks_at_the_dashboard,
            "a test is sent": self.tried,
            "the gateway refuses for good": self.refused,
            "it is sent again": self.sent_again,
            "an answer comes late": self.late,
            "the gateway is down": self.down,
            "other senders took the pace": self.paced,
            "it goes on with another text": self.changed,
            "hours close while it is sent": self.closed_hours,
            "doorbells are lost": self.lost,
            "it is cancelled while somebody sends": self.cancelled,
            "records come that are none of ours": self.strange_records,
            "counters are wrong": self.recounted,
            "a mailing is deleted": self.purged,
            "a file of clients is imported": self.imported,
            "a file is gone before it is read": self.file_gone,
            "a client is deleted": self.client_deleted,
        }

    def clients(self) -> None:
        for number in range(3):
            body = {"phone": f"7900000000{number}", "tags": ["a"], "timezone": "Europe/Moscow"}
            key = {"idempotency_key": f"client-{number}"}
            made = self._call("POST", "/clients", body, status=201, **key)
            again = self._call("POST", "/clients", body, status=201, **key)
            _expect(again, made)
            self._clients.append(made)
        one = self._clients[0]["id"]
        self._call("PATCH", f"/clients/{one}", {"tags": ["a", "b"]}, status=200)
        self._call("PATCH", f"/clients/{one}", {"phone": "79000000009"}, status=200)
        found = self._call("GET", "/clients?phone=79000000009", status=200)["items"]
        _expect([each["id"] for each in found], [one])
        _expect(len(self._call("GET", "/clients?limit=10", status=200)["items"]), 3)

    def sent(self) -> None:
        self._first = self._mail(idempotency_key="mailing-1")
        self._world.settle()
        self._expect_counts(self._first, sent=3)
        _expect(self._mailing(self._first)["status"], "finished")

    def looks(self) -> None:
        found = self._call("GET", "/mailings?status=finished", status=200)["items"]
        _expect([each["id"] for each in found], [self._first])
        _expect(self._call("GET", "/stats", status=200)["counts"]["sent"], 3)
        messages = self._messages(self._first)
        _expect(len(messages), 3)
        self._call("GET", f"/messages/{messages[0]['id']}", status=200)
        of_client = f"/clients/{self._clients[0]['id']}/messages"
        _expect(len(self._call("GET", of_client, status=200)["items"]), 1)

    def looks_around(self) -> None:
        """Before a mailing is made, at what waits, and for what is to be taken away."""
        preview = self._call("POST", "/mailings/preview", {"filter": {}}, status=200)
        _expect((preview["recipients"], preview["exact"]), (3, True))
        tags = self._call("GET", "/clients/suggestions", status=200)["tags"]
        _expect([each["value"] for each in tags], ["a", "b"])
        exported = self._world.text(f"/mailings/{self._first}/messages/export")
        _expect(exported.count("79000000009"), 1)
        _expect(self._world.text("/clients/export").count("79000000009"), 1)
        waiting = self._mail({"time_window": _closed_now()})
        self._world.settle()
        waves = self._call("GET", f"/mailings/{waiting}/waves", status=200)["items"]
        _expect(len(waves), 1)
        self._call("POST", f"/mailings/{waiting}/cancel", status=200)
        self._world.settle()
        queues = self._call("GET", "/queues", status=200)
        _expect(sum(queues["dead_letters"].values()), 0)

    def digested(self) -> None:
        verify(DIGEST_SENDER, self._world.functions.account.client("sesv2"))
        asked = {"day": f"{datetime.now(UTC):%Y-%m-%d}"}
        _expect(self._world.functions.invoke("digest", asked), {**asked, "sent": True})
        _expect(self._world.functions.invoke("digest", asked), {**asked, "sent": False})

    def looks_at_the_dashboard(self) -> None:
        shown = self._world.functions.invoke("widget", {"widgetContext": {}})
        _expect(self._first in shown, True)

    def tried(self) -> None:
        path, phone = f"/mailings/{self._first}", {"phone": "79000000042"}
        key = {"idempotency_key": "test-1"}
        made = self._call("POST", f"{path}/test", phone, status=202, **key)
        _expect(self._call("POST", f"{path}/test", phone, status=202, **key), made)
        self._world.settle()
        test = self._call("GET", f"{path}/tests/{made['id']}", status=200)
        _expect((test["status"], test["attempts"]), ("sent", 1))
        gateway = self._call("GET", "/gateway", status=200)
        _expect(gateway["status"], "well")
        _expect(sum(each["calls"] for each in gateway["minutes"]), 4)

    def refused(self) -> None:
        self._world.gateway.status = 400
        self._second = self._mail()
        self._world.settle()
        self._world.gateway.status = 200
        self._expect_counts(self._second, failed=3)

    def sent_again(self) -> None:
        order = {"statuses": ["failed"]}
        self._call("POST", f"/mailings/{self._second}/resend", order, status=202)
        self._world.settle()
        self._expect_counts(self._second, sent=3)

    def late(self) -> None:
        """Somebody else changes the message during the call; that it was sent stands all the same.

        The sender finds its claim gone, reads the message and writes the success over it.
        """
        mailing = self._begun()
        self._world.gateway.meanwhile = lambda: self._touch_all(mailing)
        self._world.settle()
        self._expect_counts(mailing, sent=3)

    def down(self) -> None:
        self._world.gateway.status = 503
        self._third = self._begun()
        self._world.deliver()
        self._world.gateway.status = 200
        tried = [each["attempts"] for each in self._messages(self._third)]
        _expect(tried, [1, 1, 1])
        waiting = self._delayed()
        _expect(waiting, 3)
        self._call("POST", f"/mailings/{self._third}/pause", status=200)
        self._world.settle()

    def paced(self) -> None:
        """No slot is left, so the sender asks how many wait."""
        mailing = self._begun()
        free_at = (datetime.now(UTC) + HOUR).isoformat()
        pace = {"item": "pace", "token": "of-another-sender", "free_at": free_at}
        table = self._world.settings["GATEWAY_TABLE"]
        self._world.dynamodb.put_item(
            TableName=table, Item={name: {"S": value} for name, value in pace.items()}
        )
        self._world.deliver()
        _expect([each["status"] for each in self._messages(mailing)], ["pending"] * 3)
        self._world.dynamodb.delete_item(TableName=table, Key={"item": {"S": "pace"}})
        self._call("POST", f"/mailings/{mailing}/cancel", status=200)
        self._world.settle()

    def changed(self) -> None:
        self._call("PATCH", f"/mailings/{self._third}", {"text": "Hello again"}, status=200)
        self._call("POST", f"/mailings/{self._third}/resume", status=200)
        self._world.settle()
        self._call("POST", f"/mailings/{self._third}/pause", status=200)

    def closed_hours(self) -> None:
        """The sender learns of it before the fan-out does, and notes when they open."""
        mailing = self._begun()
        self._call("PATCH", f"/mailings/{mailing}", {"time_window": _closed_now()}, status=200)
        self._world.deliver()
        waiting = {each["not_before"] is not None for each in self._messages(mailing)}
        _expect(waiting, {True})
        self._call("POST", f"/mailings/{mailing}/cancel", status=200)
        self._world.settle()

    def lost(self) -> None:
        mailing = self._begun()
        self._world.count()
        self._world.sqs.purge_queue(QueueUrl=self._world.settings["MESSAGE_QUEUE_URL"])
        self._world.send("FANOUT_QUEUE_URL", '{"kind": "tick"}')
        self._world.settle()
        self._expect_counts(mailing, sent=3)

    def cancelled(self) -> None:
        """The fan-out finds messages changed that it was about to settle, and reads them again.

        The mailing's end had moved before, so that there was another schedule to make.
        """
        later = (datetime.now(UTC) + HOUR).isoformat()
        mailing = self._begun()
        self._call("PATCH", f"/mailings/{mailing}", {"ends_at": later}, status=200)
        self._call("POST", f"/mailings/{mailing}/cancel", status=200)
        self._world.functions.meanwhile("fanout", "UPDATE ", lambda: self._touch_all(mailing))
        self._world.settle()
        self._expect_counts(mailing, cancelled=3)

    def strange_records(self) -> None:
        while self._world.bring_in():
            pass  # the test that S3 sends when it is told of the queue
        for function, queue in (
            ("fanout", "FANOUT_QUEUE_URL"),
            ("sender", "MESSAGE_QUEUE_URL"),
            ("importer", "IMPORT_QUEUE_URL"),
        ):
            self._world.send(queue, '{"kind": "nothing of ours"}')
            self._world.refused_record(function, queue)

    def recounted(self) -> None:
        self._world.dynamodb.update_item(
            TableName=self._world.settings["STATS_TABLE"],
            Key={"mailing_id": {"S": self._first}, "item": {"S": "counts#00"}},
            UpdateExpression="ADD sent :many",
            ExpressionAttributeValues={":many": {"N": "40"}},
        )
        self._expect_counts(self._first, total=3, sent=43)
        self._call("POST", f"/mailings/{self._first}/recount", status=202)
        self._call("GET", f"/mailings/{self._first}/recounts/1", status=200)
        self._world.settle()
        self._expect_counts(self._first, sent=3)

    def purged(self) -> None:
        self._call("DELETE", f"/mailings/{self._first}", status=204)
        # An hour ago, so that no slow slice has to be waited for.
        self._world.dynamodb.update_item(
            TableName=self._world.settings["MAILINGS_TABLE"],
            Key={"mailing_id": {"S": self._first}, "item": {"S": "mailing"}},
            UpdateExpression="SET updated_at = :then",
            ExpressionAttributeValues={":then": {"S": (datetime.now(UTC) - HOUR).isoformat()}},
        )
        self._world.settle()
        for table in ("MAILINGS_TABLE", "STATS_TABLE"):
            left = self._world.dynamodb.query(
                TableName=self._world.settings[table],
                KeyConditionExpression="mailing_id = :mailing",
                ExpressionAttributeValues={":mailing": {"S": self._first}},
            )
            _expect(left["Items"], [])

    def imported(self) -> None:
        """One client is new, one was there; the time is over after a page, so it goes on."""
        bad = 500
        key = {"idempotency_key": "import-1"}
        begun = self._call("POST", "/imports", status=201, **key)
        _expect(self._call("POST", "/imports", status=201, **key)["id"], begun["id"])
        rows = ["79000000009,Europe/Moscow,c", "79000000077,Europe/Moscow,c"]
        rows += bad * ["nobody,,"]
        self._world.upload(begun, "\n".join(["phone,timezone,tags", *rows]))
        self._world.functions.left_s = 1
        while self._world.bring_in():
            pass
        self._world.functions.left_s = LAMBDA_S
        done = self._call("GET", f"/imports/{begun['id']}", status=200)
        _expect([done[name] for name in ("created", "updated", "rejected")], [1, 1, bad])
        refused = self._world.text(f"/imports/{begun['id']}/rejected")
        _expect(refused.splitlines()[1].split(",")[:1], ["nobody"])

    def file_gone(self) -> None:
        """S3 says so only to who may list the bucket."""
        begun = self._call("POST", "/imports", status=201)
        record = {"kind": "import", "import_id": begun["id"]}
        self._world.send("IMPORT_QUEUE_URL", json.dumps(record))
        self._world.bring_in()
        waiting = self._call("GET", f"/imports/{begun['id']}", status=200)
        _expect(waiting["status"], "awaiting_upload")

    def client_deleted(self) -> None:
        one = self._clients[0]["id"]
        self._call("DELETE", f"/clients/{one}", status=204)
        self._call("GET", f"/clients/{one}", status=404)

    def _mail(self, more: Mapping[str, object] | None = None, **headers: str) -> str:
        now = datetime.now(UTC)
        body = {
            "text": "Hello",
            "starts_at": now.isoformat(),
            "ends_at": (now + 2 * HOUR).isoformat(),
            "filter": {"tags": ["a"]},
            **(more or {}),
        }
        return str(self._call("POST", "/mailings", body, status=201, **headers)["id"])

    def _begun(self) -> str:
        """A mailing whose messages are made and rung for, with nothing sent yet."""
        mailing = self._mail()
        while self._world.plan() or self._world.work():
            pass
        _expect(len(self._messages(mailing)), 3)
        return mailing

    def _mailing(self, mailing: str) -> Any:
        return self._call("GET", f"/mailings/{mailing}", status=200)

    def _messages(self, mailing: str) -> list[Any]:
        return list(self._call("GET", f"/mailings/{mailing}/messages", status=200)["items"])

    def _expect_counts(self, mailing: str, **counts: int) -> None:
        found = self._call("GET", f"/mailings/{mailing}/stats", status=200)["counts"]
        wanted = {"total": sum(counts.values())} | counts
        _expect({name: number for name, number in found.items() if number}, wanted)

    def _delayed(self) -> int:
        answer = self._world.sqs.get_queue_attributes(
            QueueUrl=self._world.settings["MESSAGE_QUEUE_URL"],
            AttributeNames=["ApproximateNumberOfMessagesDelayed"],
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessagesDelayed"])

    def _touch_all(self, mailing: str) -> None:
        """Change every message of a mailing, as another function would at the same moment."""
        table = self._world.settings["MESSAGES_TABLE"]
        for item in self._world.dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]:
            if item["part"]["S"].startswith(f"{mailing}#"):
                self._world.dynamodb.update_item(
                    TableName=table,
                    Key={"part": item["part"], "client_id": item["client_id"]},
                    UpdateExpression="SET #token = :another",
                    ExpressionAttributeNames={"#token": "token"},
                    ExpressionAttributeValues={":another": {"S": "of-somebody-else"}},
                )


def _closed_now() -> dict[str, str]:
    """Hours that are hours away from now in Moscow, where all clients are."""
    moscow = datetime.now(UTC) + timedelta(hours=3)
    return {
        "start": f"{moscow + 1.2 * HOUR:%H:%M}",
        "end": f"{moscow + 3 * HOUR:%H:%M}",
    }


def _expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{found} instead of {wanted}")


@dataclass(frozen=True)
class Failure:
    """In which chapter the story broke off, and why."""

    step: str
    reason: str


def told(account: Account, gateway: Gateway) -> tuple[list[Asked], Failure | None]:
    """Tell it once: what was asked for, and what failed, if anything did."""
    gateway.status, gateway.meanwhile = 200, None
    functions = started(account)
    story = Story(World(functions, gateway))
    for step, chapter in story.chapters().items():
        functions.step = step
        try:
            chapter()
        except Exception as error:  # whatever it is, it failed
            return functions.asked, Failure(step, str(error))
    return functions.asked, None
