"""Policies and requests are read once for each text, not several times for each request, and the
policy of a queue is asked once for all records of a request.

Whether a request is permitted is decided anew for each, by the policies of that moment: beyond it
only what a text means is remembered. Who calls is looked up without the policies, which it does not
need.
"""

from __future__ import annotations

import functools
import json
from contextvars import ContextVar
from typing import Any

from local.emulator import quick_json

TEXTS_MAX = 256
"""Texts of policies remembered; Carillon has a few for each function, queue and bucket."""


def install(actions: Any, evaluator: Any, dynamodb: Any, sqs: Any) -> None:
    """Quicken the reading; the decisions stay MiniStack's."""
    request = Request()
    actions.json = quick_json.with_functions(loads=request.look)
    dynamodb.json = sqs.json = quick_json.with_functions(loads=request.take)
    # Nobody changes what is found in a policy either.
    evaluator.json = quick_json.with_functions(loads=by_text(json.loads))
    evaluator.parse_policy_document = by_text(evaluator.parse_policy_document)
    evaluator.request_caller_arn = without_policies(evaluator)
    once_for_a_batch(sqs)


class Request:
    """The last one that was read: its tables or queue are looked for, and then it is done."""

    def __init__(self) -> None:
        self._read: tuple[bytes, Any] = b"", None

    def look(self, text: Any) -> Any:
        """For who changes nothing of it."""
        read_text, found = self._read
        if text and read_text is text:
            return found
        found = quick_json.loads(text)
        if type(text) is bytes:
            self._read = text, found
        return found

    def take(self, text: Any) -> Any:
        """For who may change it: nobody else is given the same again."""
        found = self.look(text)
        self._read = b"", None
        return found


def by_text(read: Any) -> Any:
    """The reader, remembering what it found in the texts that it has seen."""
    remembered = functools.lru_cache(TEXTS_MAX)(read)

    @functools.wraps(read)
    def quick(document: Any) -> Any:
        return remembered(document) if type(document) is str else read(document)

    return quick


def without_policies(evaluator: Any) -> Any:
    """The look for the name of a caller, which gathers the caller's policies and drops them."""
    from ministack.core.responses import _account_from_sts_session, get_account_id
    from ministack.core.router import extract_access_key_id

    thorough = evaluator.request_caller_arn

    @functools.wraps(thorough)
    def quick(headers: dict[str, str], query_params: Any = None) -> str:
        key = extract_access_key_id(headers or {}, query_params or {})
        if not key:
            return str(thorough(headers, query_params))
        account = _account_from_sts_session(key) or get_account_id()
        caller = evaluator.resolve_credential(key, account)
        if getattr(caller, "principal_type", "") in ("Root", "AssumedRole"):
            return str(caller.principal_arn)
        return str(thorough(headers, query_params))

    return quick


def once_for_a_batch(sqs: Any) -> None:
    """Ask a queue's policy once for all the records of a request, which have one caller."""
    enforce, send = sqs._enforce_queue_policy, sqs._act_send_message_batch
    # Threads that send something else meanwhile, for another caller, do not see it.
    permitted: ContextVar[set[tuple[str, str]] | None] = ContextVar("permitted", default=None)

    @functools.wraps(enforce)
    def enforce_once(queue: Any, action: str) -> None:
        known, asked = permitted.get(), (queue["url"], action)
        if known is None or asked not in known:
            enforce(queue, action)
        if known is not None:
            known.add(asked)

    @functools.wraps(send)
    def send_batch(data: Any, url: str) -> Any:
        before = permitted.set(set())
        try:
            return send(data, url)
        finally:
            permitted.reset(before)

    sqs._enforce_queue_policy = enforce_once
    sqs._act_send_message_batch = sqs._HANDLERS["SendMessageBatch"] = send_batch
