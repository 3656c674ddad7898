"""What the import queue carries, and how an import is seen."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from pydantic import ValidationError

from carillon.models.imports import Import, RunImport, parse_import_record, upload_key
from tests.fakes.system import SOME_MOMENT


def s3_event(*keys: str) -> str:
    """As S3 sends it, without what nobody reads."""
    records = [
        {
            "eventVersion": "2.4",
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "uploads"}, "object": {"key": key, "size": 7}},
        }
        for key in keys
    ]
    return json.dumps({"Records": records})


TEST_EVENT = json.dumps(
    {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-21T10:00:00.000Z",
        "Bucket": "uploads",
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
    }
)


@pytest.mark.parametrize(
    ("body", "import_ids"),
    [
        (RunImport(import_id="i1").model_dump_json(), ("i1",)),
        (s3_event("imports/i1.csv"), ("i1",)),
        (s3_event(quote_plus("imports/i1.csv")), ("i1",)),
        (s3_event("imports/i1.csv", "imports/i2.csv"), ("i1", "i2")),
        (TEST_EVENT, ()),
    ],
)
def test_records_of_ours_and_of_s3(body: str, import_ids: tuple[str, ...]) -> None:
    assert parse_import_record(body).import_ids == import_ids


@pytest.mark.parametrize(
    "body",
    [
        "",
        "garbage",
        "7",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        '{"kind": "import"}',
        '{"kind": "import", "import_id": "a/b"}',
        '{"kind": "import", "import_id": "a", "phone": "79000000001"}',
        '{"Records": null}',
        '{"Records": [7]}',
        '{"Records": [{"s3": {"object": {"key": 7}}}]}',
        s3_event("imports/.csv"),
        s3_event("imports/i1.txt"),
        s3_event("other/i1.csv"),
        s3_event("imports/i1/i2.csv"),
        s3_event("imports/i1.csv", "imports/79000000001 .csv"),
        s3_event("rejected/i1/0.csv"),
    ],
)
def test_what_is_none_of_ours(body: str) -> None:
    with pytest.raises(ValidationError):
        parse_import_record(body)


def test_a_key_is_made_of_the_id() -> None:
    assert upload_key("i1") == "imports/i1.csv"


def test_an_import_is_forgotten_a_month_later() -> None:
    new: Any = Import.new("i1", SOME_MOMENT)
    assert (new.expires_at - SOME_MOMENT).days == 30
    assert (new.upload_until - SOME_MOMENT).total_seconds() == 3600
