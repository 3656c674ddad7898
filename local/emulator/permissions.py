"""What a policy must grant, where MiniStack 1.5.33 asks for something else than AWS does.

The emulator runs with `AUTH=true`: a function has what its role's policies grant, and nothing else.
Each function here restores one of AWS's rules, and has a test in
tests/contract/test_emulator_permissions.py that fails once MiniStack follows it by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_SINGLE: Final = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}

_PARTIQL: Final = {
    "INSERT": "dynamodb:PartiQLInsert",
    "UPDATE": "dynamodb:PartiQLUpdate",
    "DELETE": "dynamodb:PartiQLDelete",
}
_STATEMENT: Final = re.compile(
    r'\s*(INSERT(?=\s+INTO)|UPDATE|DELETE(?=\s+FROM))(?:\s+INTO|\s+FROM)?\s+"?([\w.-]+)"?', re.I
)


def ask_for_the_single_action(actions: Any) -> None:
    """Let a batch to a queue need what a single message needs.

    AWS: who may send, delete or hide one message may do so with ten in a batch. MiniStack asks for
    `sqs:SendMessageBatch` and the like, which do not exist.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
    """
    extract = actions.extract_iam_action

    def extract_iam_action(*request: Any) -> str | None:
        action: str | None = extract(*request)
        return _SINGLE.get(action, action) if action else None

    actions.extract_iam_action = extract_iam_action


def ask_for_what_partiql_does(actions: Any) -> None:
    """Let a statement need the action of its verb on its table, in a batch as well.

    AWS: "To insert items using PartiQL for DynamoDB, you must have dynamodb:PartiQLInsert
    permission on the table", and so on. MiniStack asks for `dynamodb:BatchExecuteStatement`, which
    does not exist, on all tables.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
    """
    checks_of = actions.dynamodb_transaction_checks

    def dynamodb_transaction_checks(
        action: str, body: bytes, region: str, account: str
    ) -> list[tuple[str, str]]:
        """The hook for requests that are checked by their parts: transactions, and now these."""
        if action not in ("dynamodb:ExecuteStatement", "dynamodb:BatchExecuteStatement"):
            found: list[tuple[str, str]] = checks_of(action, body, region, account)
            return found
        return [
            (_PARTIQL[verb], actions._dynamodb_table_arn(table, region, account))
            for verb, table in sorted(set(_done_by(actions.json.loads(body))))
        ]

    actions.dynamodb_transaction_checks = dynamodb_transaction_checks


def _done_by(request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Verb and table of each statement; of one that is none of the three, nothing."""
    for each in request.get("Statements", [request]):
        if match := _STATEMENT.match(each["Statement"]):
            yield match[1].upper(), match[2]


def name_the_group_of_a_schedule(actions: Any) -> None:
    """Let a schedule be named with its group.

    AWS: a schedule is `arn:…:schedule/<group>/<name>`. MiniStack always says `default`.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
    """
    extract = actions.extract_resource_arn

    def extract_resource_arn(
        service: str, method: str, path: str, headers: Any, body: bytes, params: Any, *rest: Any
    ) -> str:
        arn: str = extract(service, method, path, headers, body, params, *rest)
        if service != "scheduler" or ":schedule/default/" not in arn:
            return arn
        group = json.loads(body or b"{}").get("GroupName") or params.get("groupName") or "default"
        group = group[0] if isinstance(group, list) else group
        return arn.replace(":schedule/default/", f":schedule/{group}/")

    actions.extract_resource_arn = extract_resource_arn


def count_loopback_as_encrypted(evaluator: Any) -> None:
    """Let whoever is on this machine pass for somebody who came with TLS.

    AWS: its endpoints speak HTTPS, and a policy may refuse all else, as those of our queues and of
    CDK's bucket do. The emulator listens in plain HTTP, but on the loopback interface alone.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
    """
    pin = evaluator.pin_request_origin

    def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or source_ip in ("127.0.0.1", "::1"))

    evaluator.pin_request_origin = pin_request_origin


def name_the_sender_of_an_email(actions: Any, evaluator: Any) -> None:
    """Let sending an e-mail need the right for its sender's identity, and know who that is.

    AWS: `ses:SendEmail` is permitted on identities, and `ses:FromAddress` is "the address that is
    used in the From header". MiniStack asks for all resources and knows no such key.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    extract, enforce = actions.extract_resource_arn, evaluator.enforce

    def extract_resource_arn(
        service: str, method: str, path: str, headers: Any, body: bytes, params: Any, *rest: str
    ) -> str:
        if service == "ses" and path.endswith("/outbound-emails"):
            sender = json.loads(body or b"{}").get("FromEmailAddress", "")
            region, account = rest
            return f"arn:aws:ses:{region}:{account}:identity/{sender}"
        arn: str = extract(service, method, path, headers, body, params, *rest)
        return arn

    def enforce_with_sender(
        access_key: str,
        action: str,
        *where: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        known = dict(service_context or {})
        if action == "ses:SendEmail":
            known["ses:FromAddress"] = resource_arn.rpartition("/")[2]
        return enforce(access_key, action, *where, resource_arn=resource_arn, service_context=known)

    actions.extract_resource_arn = extract_resource_arn
    evaluator.enforce = enforce_with_sender


def install() -> None:
    """Apply all of them. To be called before MiniStack's application is imported."""
    from ministack.core import iam_actions, iam_evaluator

    ask_for_the_single_action(iam_actions)
    ask_for_what_partiql_does(iam_actions)
    name_the_group_of_a_schedule(iam_actions)
    count_loopback_as_encrypted(iam_evaluator)
    name_the_sender_of_an_email(iam_actions, iam_evaluator)
