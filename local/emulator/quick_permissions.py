"""Policies and requests are read once for each text, not several times for each request.

Whether a request is permitted is decided anew for each, by the policies of that moment: only what a
text means is remembered, and who calls is looked up without the policies, which it does not need.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import orjson

from local.emulator import quick_json

TEXTS_MAX = 256
"""Texts of policies remembered; Carillon has a few for each function, queue and bucket."""


def install(actions: Any, evaluator: Any) -> None:
    """Quicken the reading; the decisions stay MiniStack's."""
    actions.json = quick_json.with_functions(loads=of_last_request())
    # Nobody changes what is found in a policy either.
    evaluator.json = quick_json.with_functions(loads=by_text(json.loads))
    evaluator.parse_policy_document = by_text(evaluator.parse_policy_document)
    evaluator.request_caller_arn = without_policies(evaluator)


def of_last_request() -> Any:
    """A reader for where the tables of a request are looked for, four times in each.

    Nobody changes what is found, and only names are looked for: where orjson differs, which is in
    integers of more than 64 bits, nobody looks.
    """
    last: tuple[bytes, Any] = b"", None

    def loads(text: Any) -> Any:
        nonlocal last
        last_text, last_found = last
        if text and last_text is text:
            return last_found
        try:
            found = orjson.loads(text)
        except ValueError:  # also of what json takes
            found = json.loads(text)
        if type(text) is bytes:
            last = text, found
        return found

    return loads


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
