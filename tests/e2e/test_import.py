"""A file of clients goes in through the real upload, event, queue and function."""

import csv
import io
from urllib.parse import urlsplit

import requests

from local.stack import LocalStack
from tests.e2e import importing
from tests.e2e.operator import Operator
from tests.e2e.scheduling import queue_number

ROWS = 2_000
BAD_EVERY = 50
LIMIT_S = 60


def _file(first: int, *, tag: str) -> bytes:
    """As Excel writes it in many countries: BOM, `;`, CRLF."""
    lines = ["Phone;Tags;Timezone;operator_code"]
    for n in range(ROWS):
        phone = f"7901{first + n:07d}" if n % BAD_EVERY else "7.9E+10"
        lines.append(f"{phone};{tag}|row;Europe/Moscow;")
    return ("\ufeff" + "\r\n".join(lines)).encode()


def test_a_file_is_imported_and_what_is_refused_comes_back(stack: LocalStack) -> None:
    operator = Operator(stack, "imported")
    bad = ROWS // BAD_EVERY

    first = importing.run(operator, _file(0, tag="imported"), limit_s=LIMIT_S).view
    assert first["status"] == "finished", first
    assert [first[name] for name in ("rows", "created", "updated", "rejected")] == [
        ROWS,
        ROWS - bad,
        0,
        bad,
    ]
    assert first["bytes_done"] == first["bytes"] == len(_file(0, tag="imported"))
    assert first["errors"][1] == {"line": 52, "message": first["errors"][0]["message"]}
    client = operator.get("/clients?phone=79010000001")["items"][0]
    assert (client["tags"], client["operator_code"]) == (["imported", "row"], "901")

    refused = importing.rejected(operator, first)
    rows = list(csv.DictReader(io.StringIO(refused, newline="")))
    assert [row["line"] for row in rows] == [str(n + 2) for n in range(0, ROWS, BAD_EVERY)]
    mended = refused.replace("7.9E+10", "79019999999").encode()
    again = importing.run(operator, mended, limit_s=LIMIT_S).view
    assert (again["created"], again["updated"], again["rejected"]) == (1, bad - 1, 0)


def test_only_the_first_upload_counts(stack: LocalStack) -> None:
    operator = Operator(stack, "imported")
    content = b"phone,timezone\n79021000001,Europe/Moscow\n"

    done = importing.run(operator, content, limit_s=LIMIT_S).view
    waiting = importing.begin(operator)
    assert importing.upload(waiting, content).status_code == 200
    assert importing.upload(waiting, content + b"79021000002,Europe/Moscow\n").status_code == 412

    assert (done["rows"], done["created"]) == (1, 1)
    url = waiting["upload"]["url"]
    without_headers = requests.put(url, data=content, timeout=10)
    assert without_headers.status_code == 403


def test_a_browser_on_our_pages_may_upload_and_no_other(stack: LocalStack) -> None:
    way = importing.begin(Operator(stack, "imported"))["upload"]
    asked = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,if-none-match",
    }

    ours = requests.options(way["url"], headers={"Origin": stack.browser_url, **asked}, timeout=10)
    others = requests.options(
        way["url"], headers={"Origin": "https://evil.example", **asked}, timeout=10
    )

    assert ours.status_code == 200
    assert ours.headers["Access-Control-Allow-Origin"] in (stack.browser_url, "*")
    assert others.status_code == 403
    assert "{0.scheme}://{0.netloc}".format(urlsplit(way["url"])) == stack.outputs["UploadsOrigin"]


def test_nothing_is_left_over(stack: LocalStack) -> None:
    """S3's own test event and all others were taken for what they are."""
    assert queue_number(stack, "ImportDeadLettersUrl") == 0
