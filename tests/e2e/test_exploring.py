"""What somebody looks at before and after a mailing, on the deployed stack."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.stack import LocalStack
from tests.e2e.conftest import Ahead
from tests.e2e.operator import Operator, in_s, until

ZONES = {"Europe/Moscow": 3, "Asia/Vladivostok": 2, "America/Sao_Paulo": 1}
DAY_S = 86_400


def test_a_mailing_is_looked_at_from_all_sides(stack: LocalStack, ahead: Ahead) -> None:
    operator = Operator(stack, "explored, =1+1")
    first = 8_000
    for zone, number in ZONES.items():
        operator.add_clients(first, number, timezone=zone)
        first += number
    window = _closed_in("Asia/Vladivostok")
    described = {
        "filter": {"tags": [operator.tag]},
        "text": "Привет",
        "ends_at": in_s(3 * DAY_S).isoformat(),
        "time_window": window,
    }
    answer = operator.call("POST", "/mailings/preview", described)
    preview = answer.json()
    assert (answer.status_code, preview["recipients"], preview["exact"]) == (200, 6, True)
    assert preview["by_timezone"] == ZONES
    assert (preview["sms_parts"], preview["encoding"]) == (1, "ucs2")
    openings = {each["timezone"]: each["first_opening"] for each in preview["zones"]}

    mailing = operator.mail(ends_at=in_s(3 * DAY_S), time_window=window)
    waves = until(
        lambda: operator.get(f"/mailings/{mailing['id']}/waves")["items"],
        lambda seen: openings["Asia/Vladivostok"] in {each["opens_at"] for each in seen},
        limit_s=20,
    )
    until(lambda: len(operator.messages(mailing)), lambda seen: seen == 6, limit_s=20)
    assert {each["opens_at"] for each in waves} <= set(openings.values())

    exported = _exported(operator, f"/mailings/{mailing['id']}/messages/export")
    assert {row["phone"] for row in exported} == {f"7900{n:07d}" for n in range(8_000, 8_006)}
    assert all(row["status"] in ("pending", "sent") for row in exported)
    assert operator.call("POST", f"/mailings/{mailing['id']}/cancel").status_code == 200
    assert operator.get(f"/mailings/{mailing['id']}/waves")["items"] == []


def test_the_directory_is_suggested_from_and_exported(stack: LocalStack, ahead: Ahead) -> None:
    operator = Operator(stack, "-exported")
    made = operator.add_clients(9_000, 2, timezone="Asia/Omsk")
    suggested = operator.get("/clients/suggestions")  # remembered for a minute, so not all of them
    assert suggested["exact"] is True
    most = suggested["tags"][0]
    assert len(_exported(operator, f"/clients/export?tag={most['value']}")) >= most["clients"] > 0
    for known in (suggested["tags"], suggested["operator_codes"]):
        numbers = [each["clients"] for each in known]
        assert numbers == sorted(numbers, reverse=True)

    exported = _exported(operator, f"/clients/export?tag={operator.tag}")
    assert sorted(row["phone"] for row in exported) == [each["phone"] for each in made]
    assert {row["tags"] for row in exported} == {"'-exported"}
    assert {row["timezone"] for row in exported} == {"Asia/Omsk"}


def test_the_queues_show_what_waits(stack: LocalStack, ahead: Ahead) -> None:
    queues = ahead.operator.get("/queues")
    assert queues.keys() == {"messages", "fanout", "imports", "dead_letters"}
    for name in ("messages", "fanout", "imports"):
        assert queues[name].keys() == {"ready", "delayed", "in_flight"}
    assert queues["dead_letters"].keys() == {"messages", "fanout", "imports", "undeliverable"}


def _closed_in(zone: str) -> dict[str, str]:
    """Hours that open in some hours there, and last an hour."""
    opens = datetime.now(UTC).astimezone(ZoneInfo(zone)) + timedelta(hours=3)
    return {
        "start": opens.strftime("%H:%M"),
        "end": (opens + timedelta(hours=1)).strftime("%H:%M"),
    }


def _exported(operator: Operator, path: str) -> list[dict[str, Any]]:
    """All rows, page by page."""
    text, link = "", f"/api/v1{path}"
    while link:
        answer = operator.call("GET", link.removeprefix("/api/v1"))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8", answer.text
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        text += answer.content.decode()
        link = answer.links["next"]["url"] if answer.links else ""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
