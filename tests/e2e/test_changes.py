"""What is changed about a mailing whose messages exist, on the deployed stack."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until


def test_what_failed_is_sent_again_and_wrong_counters_are_repaired(stack: LocalStack) -> None:
    operator = Operator(stack, "resent")
    operator.add_clients(7_000, 20)
    with Control(stack.gateway_url) as gateway:
        gateway.behave(Behaviour(shares={Mood.HTTP_400: 0.5}))
        mailing = operator.mail(ends_at=in_s(3600))
        operator.wait_for(mailing, "finished", limit_s=20)
        first = {each["gateway_id"]: each["status"] for each in operator.messages(mailing)}
        failed = {number for number, status in first.items() if status == "failed"}
        assert 0 < len(failed) < 20

        gateway.behave(Behaviour())
        seen = len(gateway.calls())
        order = {"statuses": ["failed", "unknown"]}
        answer = operator.call("POST", f"/mailings/{mailing['id']}/resend", order)
        assert (answer.status_code, answer.json()["status"]) == (202, "running"), answer.text
        operator.wait_for(mailing, "finished", limit_s=20)
        again = [call.gateway_id for call in gateway.calls()[seen:] if call.gateway_id in first]

    assert Counter(again) == Counter(failed), "each once, under its old id"
    operator.wait_for_counts(mailing, {"total": 20, "sent": 20})

    stack.client("dynamodb").update_item(
        TableName=stack.outputs["StatsTable"],
        Key={"mailing_id": {"S": mailing["id"]}, "item": {"S": "counts#00"}},
        UpdateExpression="ADD sent :wrong, failed :missing",
        ExpressionAttributeValues={":wrong": {"N": "7"}, ":missing": {"N": "-3"}},
    )
    operator.wait_for_counts(mailing, {"total": 20, "sent": 27, "failed": -3})
    answer = operator.call("POST", f"/mailings/{mailing['id']}/recount")
    assert answer.status_code == 202, answer.text
    place = answer.headers["Location"].removeprefix("/api/v1")
    outcome = until(
        lambda: operator.get(place), lambda seen: seen["status"] == "finished", limit_s=30
    )
    assert outcome["messages"] == 20
    assert (outcome["difference"]["sent"], outcome["difference"]["failed"]) == (7, -3)
    operator.wait_for_counts(mailing, {"total": 20, "sent": 20})


def test_other_hours_move_what_waits_and_reopen_what_they_had_ended(stack: LocalStack) -> None:
    operator = Operator(stack, "hours")
    operator.add_clients(7_100, 3, timezone="Europe/Moscow")
    operator.add_clients(7_200, 2, timezone="Atlantic/Azores")
    opening = (in_s(0) + timedelta(minutes=30)).astimezone(ZoneInfo("Europe/Moscow"))
    closing = opening + timedelta(minutes=5)
    window = {"start": f"{opening:%H:%M}", "end": f"{closing:%H:%M}"}
    mailing = operator.mail(ends_at=in_s(3600), time_window=window)
    operator.wait_for_counts(mailing, {"total": 5, "pending": 3, "expired": 2})
    assert {each["reason"] for each in operator.messages(mailing)} == {None, "hours_never_open"}

    answer = operator.call("PATCH", f"/mailings/{mailing['id']}", {"time_window": None})
    assert answer.status_code == 200, answer.text

    operator.wait_for(mailing, "finished", limit_s=20)
    operator.wait_for_counts(mailing, {"total": 5, "sent": 5})
