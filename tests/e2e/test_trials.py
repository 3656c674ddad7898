"""A text tried on one phone, and how the gateway does, on the deployed stack."""

from typing import Any

from carillon.models.message import gateway_id
from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until

PHONE = "79034567890"
ENDS_WITHIN_S = 10


def test_a_text_is_tried_and_how_the_gateway_does_is_told(stack: LocalStack) -> None:
    operator = Operator(stack, "trials")
    operator.add_clients(7_500, 2)
    draft = operator.mail(starts_at=in_s(3000), ends_at=in_s(3600), text="Try me")
    with Control(stack.gateway_url) as gateway:
        gateway.behave(Behaviour())
        sent = _tried(operator, draft)
        gateway.behave(Behaviour(shares={Mood.HTTP_400: 1.0}))
        refused = _tried(operator, draft)
        gateway.behave(Behaviour(shares={Mood.HTTP_500: 1.0}))
        failing = operator.mail(ends_at=in_s(600))
        errors = until(
            lambda: operator.get(f"/mailings/{failing['id']}/stats")["errors"],
            lambda seen: seen == [{"error": "HTTP 500", "messages": 2}],
            limit_s=ENDS_WITHIN_S,
        )
        told = until(  # a sender writes down how its calls went when the batch is over
            lambda: operator.get("/gateway"),
            lambda seen: str(seen["last_error"]).startswith("HTTP 500"),
            limit_s=ENDS_WITHIN_S,
        )
        gateway.behave(Behaviour())
        ids = {str(gateway_id(f"{draft['id']}-{each['id']}")) for each in (sent, refused)}
        calls = [each for each in gateway.calls() if each.gateway_id in ids]
    operator.call("POST", f"/mailings/{failing['id']}/cancel")

    assert (sent["status"], sent["attempts"], sent["last_error"]) == ("sent", 1, None)
    assert refused["status"] == "failed"
    assert refused["last_error"].startswith("HTTP 400")
    assert [(each.phone, each.text) for each in calls] == [(int(PHONE), "Try me")] * 2
    assert operator.counts(draft) == {}
    assert errors
    assert told["status"] in ("troubled", "down", "well")
    assert sum(each["calls"] for each in told["minutes"]) >= 4
    assert all(0 <= each["p50_ms"] <= each["p95_ms"] <= each["max_ms"] for each in told["minutes"])


def _tried(operator: Operator, mailing: Any) -> Any:
    """A test that was asked for, once it is over."""
    answer = operator.call("POST", f"/mailings/{mailing['id']}/test", {"phone": PHONE})
    assert answer.status_code == 202, answer.text
    path = answer.headers["Location"].removeprefix("/api/v1")
    return until(
        lambda: operator.get(path),
        lambda seen: seen["status"] != "pending",
        limit_s=ENDS_WITHIN_S,
    )
