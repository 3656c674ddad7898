"""The digest as deployed: an e-mail in the outbox, once; and what Prometheus collects."""

import json
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from local.context import DIGEST_SENDER
from local.operator_account import EMAIL
from local.outbox import sent_messages
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s

TEXT = "Chimes at noon, ring 79001230000"


def _invoke(stack: LocalStack, event: Any) -> Any:
    answer = stack.client("lambda").invoke(
        FunctionName=stack.outputs["DigestFunction"], Payload=json.dumps(event).encode()
    )
    body = json.load(answer["Payload"])
    assert "FunctionError" not in answer, body
    return body


def test_a_day_is_told_by_e_mail_and_by_metrics(stack: LocalStack) -> None:
    operator = Operator(stack, "digest")
    operator.add_clients(9_700, 2)
    mailing = operator.mail(ends_at=in_s(600), text=TEXT)
    operator.mail(starts_at=in_s(3600), ends_at=in_s(7200), text="Chimes later")
    operator.wait_for_counts(mailing, {"total": 2, "sent": 2})
    minute = operator.get(f"/mailings/{mailing['id']}/stats")["timeline"][0]["minute"]
    asked = {"day": minute[:10]}

    assert _invoke(stack, {**asked, "again": True}) == {**asked, "sent": True}
    assert _invoke(stack, asked) == {**asked, "sent": False}

    [arrived] = [
        each for each in sent_messages(stack.emulator_url) if TEXT[:14] in each["BodyText"]
    ]
    assert (arrived["Source"], arrived["To"]) == (DIGEST_SENDER, [EMAIL])
    for body in (arrived["BodyText"], arrived["BodyHtml"]):
        assert "Chimes at noon, ring #" in body
        assert "Chimes later" in body
        assert f"{stack.browser_url}/#/mailings/{mailing['id']}" in body
        assert "7900" not in body
    assert "That day: 2 sent" in arrived["BodyText"]

    answer = operator.call("GET", "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = {each.name: each for each in text_string_to_metric_families(answer.text)}
    by_status = {
        sample.labels["status"]: sample.value for sample in found["carillon_messages"].samples
    }
    assert by_status["sent"] >= 2
    assert found["carillon_queues_up"].samples[0].value == 1
