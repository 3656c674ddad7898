"""What can happen between a client of ours and AWS, played through botocore's own events.

Each is a context manager over one operation of one client. AWS is right behind it, so what it did
do is really done.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ReadTimeoutError

Handler = Callable[..., Any]


@contextmanager
def answer_lost(client: BaseClient, operation: str) -> Iterator[None]:
    """AWS did it, and every answer is a timeout."""

    def lose(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://aws")

    with _hooked(client, "after-call", operation, lose):
        yield


@contextmanager
def repeated(client: BaseClient, operation: str) -> Iterator[None]:
    """The first answer of each call is lost on the way and botocore asks again by itself."""

    def ask_again(attempts: int, **_: object) -> float | None:
        return 0.0 if attempts == 1 else None

    with _hooked(client, "needs-retry", operation, ask_again):
        yield


@contextmanager
def first(client: BaseClient, operation: str, happening: Callable[[], object]) -> Iterator[None]:
    """It happens once, right before the next call reaches AWS."""
    left = [happening]

    def happen(**_: object) -> None:
        if left:
            left.pop()()

    with _hooked(client, "before-call", operation, happen):
        yield


@contextmanager
def answered(
    client: BaseClient, operation: str, *answers: Mapping[str, Any], status: int = 200
) -> Iterator[None]:
    """The next calls do not reach AWS and get these answers, one each; then all is well again."""
    left = list(answers)

    def answer(**_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        if not left:
            return None
        metadata = {"HTTPStatusCode": status}
        return SimpleNamespace(status_code=status), {"ResponseMetadata": metadata, **left.pop(0)}

    with _hooked(client, "before-call", operation, answer):
        yield
    assert not left, f"{len(left)} answers were never asked for"


@contextmanager
def refused(
    client: BaseClient, operation: str, code: str, *, times: int, status: int = 400, **more: Any
) -> Iterator[None]:
    """The next `times` calls fail with this error."""
    failure = {"Error": {"Code": code, "Message": code}, **more}
    with answered(client, operation, *[failure] * times, status=status):
        yield


@contextmanager
def cut_short(client: BaseClient, operation: str, *, times: int = 1) -> Iterator[list[int]]:
    """The next calls do the first half of their work and report the rest as not done.

    Yields the list of how much was asked for, call by call.
    """
    split, report = _PARTIAL[operation]
    asked: list[int] = []
    rests: list[Any] = []

    def cut(params: dict[str, Any], **_: object) -> dict[str, Any]:
        params, rest, size = split(params, len(asked) < times)
        asked.append(size)
        rests.append(rest)
        return params

    def tell(parsed: dict[str, Any], **_: object) -> None:
        rest = rests.pop()
        if rest:
            report(parsed, rest)

    with (
        _hooked(client, "provide-client-params", operation, cut),
        _hooked(client, "after-call", operation, tell),
    ):
        yield asked


@contextmanager
def _hooked(client: BaseClient, event: str, operation: str, handler: Handler) -> Iterator[None]:
    name = f"{event}.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    client.meta.events.register_first(name, handler)
    try:
        yield
    finally:
        client.meta.events.unregister(name, handler)


Cut = tuple[dict[str, Any], Any, int]


def _halved(entries: list[Any], wanted: bool) -> tuple[list[Any], list[Any]]:
    kept = (len(entries) + 1) // 2 if wanted else len(entries)
    return entries[:kept], entries[kept:]


def _split_list(name: str) -> Callable[[dict[str, Any], bool], Cut]:
    def split(params: dict[str, Any], wanted: bool) -> Cut:
        kept, rest = _halved(params[name], wanted)
        return {**params, name: kept}, rest, len(params[name])

    return split


def _split_writes(params: dict[str, Any], wanted: bool) -> Cut:
    ((table, entries),) = params["RequestItems"].items()
    kept, rest = _halved(entries, wanted)
    return {"RequestItems": {table: kept}}, {table: rest} if rest else None, len(entries)


def _split_keys(params: dict[str, Any], wanted: bool) -> Cut:
    ((table, request),) = params["RequestItems"].items()
    kept, rest = _halved(request["Keys"], wanted)
    left = {table: {**request, "Keys": rest}} if rest else None
    return {"RequestItems": {table: {**request, "Keys": kept}}}, left, len(request["Keys"])


def _throttle(parsed: dict[str, Any], rest: list[Any]) -> None:
    error = {"Error": {"Code": "ThrottlingError", "Message": "slow down"}}
    parsed["Responses"] += [error] * len(rest)


def _fail(parsed: dict[str, Any], rest: list[Any]) -> None:
    parsed["Failed"] = [
        {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in rest
    ]


_PARTIAL: Mapping[str, tuple[Callable[[dict[str, Any], bool], Cut], Handler]] = {
    "BatchExecuteStatement": (_split_list("Statements"), _throttle),
    "BatchGetItem": (_split_keys, lambda parsed, rest: parsed.update(UnprocessedKeys=rest)),
    "BatchWriteItem": (_split_writes, lambda parsed, rest: parsed.update(UnprocessedItems=rest)),
    "SendMessageBatch": (_split_list("Entries"), _fail),
}
