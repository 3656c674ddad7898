"""Asks MiniStack's tables the same with and without what only makes them quicker.

`python -m tests.contract.emulator_table_probes` prints one JSON object: what was compared → whether
it was the same.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.contract.probing import create_table, prepare, tell

STATEMENTS: tuple[tuple[str, list[Any]], ...] = (
    ("INSERT INTO \"t\" VALUE {'id': ?, 'n': ?}", [{"S": "a"}, {"N": "1"}]),
    ("INSERT INTO \"t\" VALUE {'id': 'what?', 'n': ?}", [{"N": "1"}]),
    ('INSERT INTO "t" VALUE ?', [{"M": {"id": {"S": "a"}}}]),
    ('UPDATE "t" SET "n"=? SET "s"=? REMOVE "x" WHERE "id"=? AND "n"=?', [{"N": "2"}] * 4),
    ('UPDATE "t" SET "n"="n" + ? WHERE "id"=?', [{"N": "2"}, {"S": "a"}]),
    ('DELETE FROM "t" WHERE "id"=? AND contains("tags", ?)', [{"S": "a"}, {"S": "b"}]),
    ('SELECT * FROM "t" WHERE "id"=?', [{"S": "a"}]),
    ('SELECT * FROM "t" WHERE "id" = ? OR "id" IN [?, ?]', [{"S": "a"}, {"S": "b"}, {"S": "c"}]),
    ('SELECT * FROM "t" WHERE "id"=?', []),
    ('UPDATE "t" SET "n"=? WHERE', [{"N": "2"}]),
    ('UPDATE "t" SET "n"=? WHERE "id"=?', [{"N": "no number"}, {"S": "a"}]),
)


def main() -> dict[str, bool]:
    return {
        "scans": scans_page_by_page(),
        "statements": parses_as_it_did(),
        "sizes": measures_as_it_did(),
        "streams": reads_on_where_it_was(),
    }


def scans_page_by_page() -> bool:
    """Whether each page of each segment is the same with the quicker scan, whatever changes."""
    from ministack.services import dynamodb

    from local.emulator import quick_scan

    def put(*numbers: int) -> None:
        for number in numbers:
            item = {"id": {"S": f"item {number}"}}
            dynamodb._put_item({"TableName": "segments", "Item": item})

    create_table("segments")
    put(*range(100))
    plain_scan = dynamodb._scan
    quick_scan.install(dynamodb)

    def pages(scan: Any, limit: int, **part: int) -> list[Any]:
        request = {"TableName": "segments", "Limit": limit, **part}
        answers = [json.loads(scan(request)[2])]
        while start := answers[-1].get("LastEvaluatedKey"):
            answers.append(json.loads(scan({**request, "ExclusiveStartKey": start})[2]))
        return answers

    def refused(scan: Any) -> list[Any]:
        wrong = ((3, 3), (-1, 3), (0, 0), (0, 1_000_001))
        return [pages(scan, 5, Segment=number, TotalSegments=total) for number, total in wrong]

    def same() -> bool:
        return refused(dynamodb._scan) == refused(plain_scan) and all(
            pages(dynamodb._scan, limit, **part) == pages(plain_scan, limit, **part)
            for part in ({}, *({"Segment": number, "TotalSegments": 3} for number in range(3)))
            for limit in (1, 7, 100, 200)
        )

    before = same()
    dynamodb._delete_item({"TableName": "segments", "Key": {"id": {"S": "item 50"}}})
    put(1_000)  # as many as before
    return before and same()


def parses_as_it_did() -> bool:
    """Whether each statement means the same, each time, with the quicker parser."""
    from ministack.services import dynamodb

    from local.emulator import quick_partiql

    def meaning(text: str, parameters: list[Any]) -> Any:
        try:
            parsed = dynamodb._parse_partiql(text, parameters)
        except ValueError as error:
            return str(error)
        return {name: value for name, value in parsed.items() if name != "where_fn"}

    before = [meaning(*each) for each in STATEMENTS]
    quick_partiql.install(dynamodb)
    # Forwards and backwards, with other parameters between: nothing may be left of those.
    again = [[meaning(*each) for each in STATEMENTS[::step]][::step] for step in (1, -1, 1)]
    for text, parameters in STATEMENTS:
        meaning(text, [{"S": "other"} for _ in parameters])
    return [*again, [meaning(*each) for each in STATEMENTS]] == [before] * 4


VALUES: tuple[Any, ...] = (
    {"S": "text"},
    {"S": "\u0442\u0435\u043a\u0441\u0442 \U0001f514"},
    {"S": ""},
    {"S": 5},
    {"S": "a", "N": "1"},
    {},
    "no value",
    None,
    *({"N": number} for number in ("0", "-1.50", "1e10", "12345", "no number", 1, 1.0, True, [1])),
    {"N": "12345"},
    {"B": "AAE="},
    {"BOOL": True},
    {"NULL": True},
    {"SS": ["a", "\u00e9"]},
    {"NS": ["1", "22"]},
    {"L": [{"S": "a"}, {"M": {"\u00e9": {"N": "100"}}}]},
)


def measures_as_it_did() -> bool:
    """Whether each item is as large, each time, with the quicker count."""
    from ministack.services import dynamodb

    from local.emulator import quick_sizes

    items = [{"id": {"S": "a"}, "\u043d\u043e\u043c\u0435\u0440": value} for value in VALUES]

    def sizes() -> list[int]:
        return [dynamodb._item_size_bytes(item) for item in [*items, None, {}]]

    before = sizes()
    quick_sizes.install(dynamodb)
    return [sizes(), sizes()] == [before, before]


def reads_on_where_it_was() -> bool:
    """Whether mappings find the same ahead of them when what both have read is forgotten."""
    from ministack.services import dynamodb, lambda_svc

    from local.emulator.stream_records import StreamRecords

    create_table("read")
    for number in range(10):
        dynamodb._put_item({"TableName": "read", "Item": {"id": {"S": str(number)}}})
    stream = dynamodb._tables["read"]["LatestStreamArn"]
    positions = {"first": 7, "second": 4}
    for uuid, position in positions.items():
        lambda_svc._esms[uuid] = {"UUID": uuid, "EventSourceArn": stream}
        lambda_svc._dynamodb_stream_positions[uuid] = position

    def ahead() -> list[Any]:
        return [dynamodb.stream_records_since("read", at, 2) for at in positions.values()]

    before = ahead()
    streams = StreamRecords(dynamodb, lambda_svc)
    streams.install()
    streams.forget_read()
    streams.forget_read()
    forgotten = dynamodb.stream_start_position("read"), len(dynamodb._stream_records["read"])
    return ahead() == before and forgotten == (4, 6)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        tell(main())
