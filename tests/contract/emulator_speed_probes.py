"""Asks MiniStack the same with and without what only makes it faster.

`python -m tests.contract.emulator_speed_probes` prints one JSON object: what was compared → whether
each answer was the same.
"""

from __future__ import annotations

import copy
import functools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.contract.emulator_queue_probe import sent
from tests.contract.probing import create_table, prepare, tell

ACCOUNT = "000000000000"
NAMES = {"#s": "status"}
VALUES = {":s": {"S": "sent"}, ":n": {"N": "2"}, ":m": {"N": "1"}}
ITEMS: tuple[dict[str, Any], ...] = (
    {"status": {"S": "sent"}, "n": {"N": "2"}},
    {"status": {"S": "failed"}, "tags": {"L": [{"S": "a"}, {"M": {"deep": {"BOOL": True}}}]}},
    {"n": {"N": "3"}, "nothing": {"NULL": True}, "set": {"SS": ["a", "b"]}},
)
CONDITIONS = (
    "#s = :s",
    "#s = :s AND (attribute_not_exists(n) OR n < :n)",
    "contains(tags, :s) OR size(tags) > :n",
    "n BETWEEN :m AND :n",
    "n BETWEEN :n AND :m",
    "NOT #s IN (:s, :n)",
    "((#s = :s))",
    "#s = = :s",
    "#s",
    "status = :s",
    "tags[1].deep = :s",
    "begins_with(n, :n)",
    "",
)
TEXTS: tuple[str | bytes, ...] = (
    b'{"TableName": "t", "Limit": 5, "Key": {"id": {"N": "1.10"}}}',
    '{"a": "\u00e9", "a": 2, "b": [1.5, true, null, -0.0, 1e400]}',
    b'{"Limit": 123456789012345678901234567890}',
    b'{"half": "\\ud800"}',
    b'{"a": NaN}',
    '{"a": "utf-16"}'.encode("utf-16"),
    b"\xef\xbb\xbf{}",
    b"\xff",
    b"{",
    b"",
    "[]",
)
ANSWERS: tuple[dict[str, Any], ...] = (
    {"Items": [ITEMS[0]], "Count": 1, "Capacity": 0.5, "Blank": None, "Text": '\u00e9"\n\u2028'},
    {"Big": 2**70, "Keys": {1: "one"}},
    {},
)


def main() -> dict[str, bool]:
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime, responses
    from ministack.services import dynamodb, iam, sqs, sts

    from local.emulator import quick_conditions, quick_copies, quick_json, quick_permissions

    def same(asked: Callable[[], Any], install: Callable[..., None], *modules: Any) -> bool:
        """Twice with the patch: what is remembered must be as good as what is not."""
        without = asked()
        install(*modules)
        return [asked(), asked()] == [without, without]

    return {
        "conditions": same(lambda: judged(dynamodb), quick_conditions.install, dynamodb),
        "copies": same(lambda: updated(dynamodb), quick_copies.install, dynamodb),
        "permissions": same(
            lambda: [
                permitted(iam_actions, iam_evaluator, iam, sts),
                read_and_changed(iam_actions, dynamodb, sqs),
                sent(sqs),
            ],
            quick_permissions.install,
            iam_actions,
            iam_evaluator,
            dynamodb,
            sqs,
        ),
        "json": same(
            lambda: read_and_written(responses, lambda_runtime),
            quick_json.install,
            responses,
            lambda_runtime,
        ),
    }


def outcome(ask: Callable[..., Any], *arguments: Any) -> str:
    """In full: `repr` tells 1 from 1.0 and True."""
    try:
        return repr(ask(*arguments))
    except Exception as error:  # which one is a part of the answer
        return f"{type(error).__name__}: {error}"


def judged(dynamodb: Any) -> list[str]:
    """Every condition on every item, as two parameters of a request."""
    return [
        outcome(dynamodb._evaluate_condition, condition, item, VALUES, NAMES, slot)
        for slot in ("ConditionExpression", "FilterExpression")
        for condition in CONDITIONS
        for item in ITEMS
    ]


def updated(dynamodb: Any) -> list[Any]:
    """What an update leaves of an item, of its image on the stream, and of a copy of all kinds."""
    dynamodb._tables.clear()
    dynamodb._stream_records.clear()
    create_table("copies")
    for number, item in enumerate(ITEMS):
        named = {"id": {"S": str(number)}, **copy.deepcopy(item)}
        dynamodb._put_item({"TableName": "copies", "Item": named})
    answers = [
        dynamodb._batch_execute_statement(
            {
                "Statements": [
                    {"Statement": "UPDATE \"copies\" SET tags[1].deep = 5 WHERE id = '1'"},
                    {
                        "Statement": 'UPDATE "copies" SET n = ? WHERE id = ? RETURNING ALL OLD *',
                        "Parameters": [{"N": "7"}, {"S": "0"}],
                    },
                    {"Statement": "UPDATE \"copies\" SET nothing.a = 1 WHERE id = '2'"},
                ]
            }
        )[2]
    ]
    images = [
        {name: record["dynamodb"].get(name) for name in ("OldImage", "NewImage")}
        for record in dynamodb._stream_records.get("copies")
    ]
    bytes_too = dynamodb.copy.deepcopy({"B": b"1", "tuple": (1, [2]), "set": {3}})
    return [answers, images, bytes_too, repr(dynamodb._tables["copies"]["items"])]


def permitted(actions: Any, evaluator: Any, iam: Any, sts: Any) -> list[str]:
    """Who calls, and what may be done: before a policy changes, after it, and by whom it is not."""
    role = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/session"
    sts._sessions["ASIAWORKER"] = {
        "Arn": role,
        "SecretAccessKey": "secret",
        "PrincipalType": "AssumedRole",
        "Expiration": time.time() + 60,
    }
    sts._sessions["ASIAEXPIRED"] = {**sts._sessions["ASIAWORKER"], "Expiration": 1.0}
    iam._users["person"] = {"UserName": "person", "Arn": f"arn:aws:iam::{ACCOUNT}:user/person"}
    iam._access_keys["AKIAPERSON"] = {
        "UserName": "person",
        "Status": "Active",
        "SecretAccessKey": "secret",
    }

    def asked() -> list[str]:
        found = []
        for key in ("ASIAWORKER", "ASIAEXPIRED", "AKIAPERSON", "test", "nobody", ""):
            signed = {
                "authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/r/s/aws4_request"
            }
            found.append(outcome(evaluator.request_caller_arn, signed if key else {}))
            for table in ("ours", "theirs"):
                arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"
                enforce = functools.partial(evaluator.enforce, resource_arn=arn)
                found.append(outcome(enforce, key, "dynamodb:GetItem", "dynamodb", "us-east-1"))
        return found

    found = []
    for effect, table in (("Allow", "ours"), ("Allow", "theirs"), ("Deny", "*"), ("Allow", "*")):
        statement = {"Effect": effect, "Action": "dynamodb:*", "Resource": f"*:table/{table}"}
        iam._roles["worker"] = {"InlinePolicies": {"p": json.dumps({"Statement": [statement]})}}
        found += asked()
    iam._roles["worker"] = {"InlinePolicies": {"p": "no policy"}}
    found += asked()
    context = evaluator.EvalContext(role, "AssumedRole", ACCOUNT, "sqs:SendMessage", "*", "r")
    for effect in ("Allow", "Deny", "Allow"):
        policy = json.dumps({"Statement": {"Effect": effect, "Principal": "*", "Action": "sqs:*"}})
        found.append(outcome(evaluator.resource_policy_allows, policy, context, True))
    for text in (*TEXTS, b'{"TableName": "t"}', b'{"RequestItems": {"t": {}, "u": {}}}', b"[]"):
        for ask in (actions.dynamodb_resource_arns, actions.dynamodb_service_context):
            arguments = () if ask is actions.dynamodb_service_context else ("us-east-1", ACCOUNT)
            found.append(outcome(ask, text, *arguments))
    return found


def read_and_changed(actions: Any, *services: Any) -> list[Any]:
    """What each reads of a request, after another looked at it and after one changed it."""

    def changed(service: Any, text: bytes) -> dict[str, Any]:
        actions.dynamodb_resource_arns(text, "us-east-1", ACCOUNT)
        found: dict[str, Any] = service.json.loads(text)
        return {**found, "seen": found.pop("TableName", "nothing")}

    bodies = [b'{"TableName": "t", "Limit": 5}', b'{"TableName": "u"}']
    return [
        *(outcome(service.json.loads, text) for service in services for text in TEXTS),
        *(changed(service, body) for service in services for body in sorted(bodies * 2)),
    ]


def read_and_written(responses: Any, runtime: Any) -> list[Any]:
    return [
        *(outcome(module.json.loads, text) for module in (responses, runtime) for text in TEXTS),
        *(
            (status, headers, repr(json.loads(body)))
            for status, headers, body in map(responses.json_response, ANSWERS)
        ),
        outcome(responses.json_response, {"refused": time.struct_time}),
        outcome(responses.json_response, {"refused": Path("x")}),
        *(repr(json.loads(runtime.json.dumps(answer))) for answer in ANSWERS),
        *(runtime.json.dumps(answer).isascii() for answer in ANSWERS),
        *("\n" in runtime.json.dumps(answer) for answer in ANSWERS),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        from local.emulator import correctness, permissions

        permissions.install()
        correctness.install()
        tell(main())
