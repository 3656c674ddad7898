"""Asks MiniStack, in a process of its own, what each of our workarounds is about.

`python -m tests.contract.emulator_probes plain` asks the package as it comes, `patched` asks it
with the workarounds. Prints one JSON object: probe → whether it behaves as AWS does.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

from tests.contract.probing import create_table, prepare, tell
from tests.tokens import Signer, encoded

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a"
LATER = 4_102_444_800  # the year 2100
OLD_PORT = 4566
LOOKS_FOR_LEAK = """
import os
def handler(event, context):
    return "LEAK" in os.environ
"""


def main(*, patched: bool) -> dict[str, bool]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LEAK"] = "a secret of the developer"
        prepare(folder, alone=patched)
        if patched:
            from local.emulator import correctness

            correctness.install()
        return {
            "partiql_is_streamed": partiql_is_streamed(),
            "stream_survives_a_stop": stream_survives_a_stop(folder, patched=patched),
            "batches_pass_ten": batches_pass_ten(),
            "batches_gather": batches_gather(),
            "groups_take_turns": groups_take_turns(),
            "queue_keeps_its_address": queue_keeps_its_address(),
            "functions_see_no_foreign_variables": functions_see_no_foreign_variables(),
            "sources_are_polled_independently": sources_are_polled_independently(),
            "login_styles_are_a_resource": login_styles_are_a_resource(),
            "endless_tokens_are_refused": refused({}),
            "other_algorithms_are_refused": refused({"exp": LATER}, alg="HS256"),
            "malformed_tokens_are_refused": refused(None),
            "refresh_tokens_are_refused": refused({"exp": LATER, "token_use": "refresh"}),
        }


def partiql_is_streamed() -> bool:
    from ministack.services import dynamodb

    create_table("partiql")
    for statement in (
        "INSERT INTO \"partiql\" VALUE {'id': 'a'}",
        "UPDATE \"partiql\" SET n = 1 WHERE id = 'a'",
        "DELETE FROM \"partiql\" WHERE id = 'a'",
    ):
        dynamodb._batch_execute_statement({"Statements": [{"Statement": statement}]})
    events = [record["eventName"] for record in dynamodb._stream_records.get("partiql") or []]
    return events == ["INSERT", "MODIFY", "REMOVE"]


def stream_survives_a_stop(folder: Path, *, patched: bool) -> bool:
    from ministack import app
    from ministack.core import persistence
    from ministack.services import dynamodb

    from local.emulator.snapshots import Snapshots

    create_table("survivor")
    dynamodb._put_item({"TableName": "survivor", "Item": {"id": {"S": "a"}}})
    if patched:
        Snapshots(folder / "snapshots").write()
        dynamodb._stream_records.clear()
        Snapshots(folder / "snapshots").install()
    else:
        app._get_module("dynamodb")
        persistence.save_all(app._build_persistence_save_dict())
        dynamodb._stream_records.clear()
        app._load_persisted_state()
    return len(dynamodb._stream_records.get("survivor") or []) == 1


def batches_pass_ten() -> bool:
    from ministack.services import sqs

    url = sqs._act_create_queue({"QueueName": "many"}, "")["QueueUrl"]
    for number in range(25):
        sqs._act_send_message({"QueueUrl": url, "MessageBody": str(number)}, url)
    return len(sqs._receive_messages_for_esm(url, 100)) == 25


def batches_gather() -> bool:
    """Whether a stream of records comes in one batch within the window, and a lone one soon."""
    from ministack.services import sqs

    url = sqs._act_create_queue({"QueueName": "gathered"}, "")["QueueUrl"]

    def send(records: int) -> None:
        for number in range(records):
            sqs._act_send_message({"QueueUrl": url, "MessageBody": str(number)}, url)
            time.sleep(0.002)

    def received(ahead: int, *, meanwhile: int) -> tuple[int, float]:
        """How many records of one batch, after how many seconds."""
        send(ahead)
        sending = threading.Thread(target=send, args=(meanwhile,))
        sending.start()
        began = time.monotonic()
        records = len(sqs._receive_messages_for_esm(url, 10_000))
        took_s = time.monotonic() - began
        sending.join()
        return records, took_s

    alone, alone_s = received(1, meanwhile=0)
    together, _ = received(1, meanwhile=50)
    some, window_s = received(1, meanwhile=1_000)
    return (alone, together) == (1, 51) and alone_s < 0.5 and 51 < some < 1_001 and window_s < 1.5


def groups_take_turns() -> bool:
    """Whether one record of a second group comes before the backlog of the first."""
    from ministack.services import sqs

    url = sqs._act_create_queue({"QueueName": "fair"}, "")["QueueUrl"]

    def send(group: str) -> None:
        record = {"QueueUrl": url, "MessageBody": "{}", "MessageGroupId": group}
        sqs._act_send_message(record, url)

    for _ in range(100):
        send("large")
    for _ in range(5):  # ten are the most that MiniStack gives at once
        sqs._receive_messages_for_esm(url, 10)
    send("small")
    received = [record["group_id"] for record in sqs._receive_messages_for_esm(url, 10)]
    return len(received) == 10 and received[0] == "small"


def queue_keeps_its_address() -> bool:
    from ministack.services import sqs

    # What a queue's mapping looks up, by a name whose queue was made while another port was used.
    return f":{OLD_PORT}/" in str(sqs._queue_url("made-yesterday"))


def functions_see_no_foreign_variables() -> bool:
    from ministack.core.lambda_runtime import Worker

    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr(
            "index.py", "import os\ndef handler(event, context): return 'LEAK' in os.environ"
        )
    config = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "FunctionName": "f",
        "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f",
    }
    worker = Worker("f", config, code.getvalue())
    try:
        return worker.invoke({}, "request")["result"] is False
    finally:
        worker.kill()


def sources_are_polled_independently() -> bool:
    """Whether a queue is polled while a stream's handler takes its time."""
    from ministack.services import lambda_svc

    handler_at_work = threading.Event()
    polled_meanwhile = threading.Event()
    release = threading.Event()

    def poll_streams() -> bool:
        handler_at_work.set()
        release.wait(5)
        return False

    def poll_queues() -> bool:
        if handler_at_work.is_set():
            polled_meanwhile.set()
        return False

    for kind, arn in (("stream", "arn:aws:dynamodb:::t"), ("queue", "arn:aws:sqs:::q")):
        mapping = {"UUID": kind, "EventSourceArn": arn, "FunctionName": kind}
        lambda_svc._esms[kind] = mapping
    lambda_svc._poll_dynamodb_streams = poll_streams
    lambda_svc._poll_sqs = poll_queues
    lambda_svc._ensure_poller()
    independent = polled_meanwhile.wait(2)
    release.set()
    return independent


def login_styles_are_a_resource() -> bool:
    from ministack.services.cloudformation import provisioners

    kind = "AWS::Cognito::ManagedLoginBranding"
    try:
        style, _ = provisioners._provision_resource(kind, "Style", {"UserPoolId": "pool"}, "stack")
    except ValueError:
        return False
    return str(style).startswith("pool|")


def refused(claims: dict[str, Any] | None, **header: str) -> bool:
    """Whether a signed token with these claims is a 401; a header that is no object without any."""
    from ministack.services import apigateway

    signer = Signer.new("key")

    async def jwks(_url: str) -> dict[str, Any]:
        return {"keys": [signer.jwk]}

    apigateway._fetch_jwks = jwks
    authorizer = {
        "identitySource": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": ISSUER, "audience": ["api"]},
    }
    own = {"iss": ISSUER, "aud": "api", "scope": "read"}
    malformed = f"{encoded([])}.{encoded({})}.{encoded(b'')}"
    token = malformed if claims is None else signer.sign(own | claims, **header)
    try:
        _, _, refusal = asyncio.run(
            apigateway._validate_jwt_authorizer(
                {"authorizationScopes": ["read"]}, authorizer, {"authorization": token}, {}
            )
        )
    except Exception:  # what MiniStack answers with a 500
        return False
    return refusal is not None and refusal[0] == 401


if __name__ == "__main__":
    tell(main(patched=sys.argv[1] == "patched"))
