"""`Mailer`: SES gets an e-mail whole and once."""

from typing import TYPE_CHECKING

import pytest

from carillon.adapters.ses_mailer import SesMailer
from carillon.errors import MailRefused, Unavailable
from carillon.models.digest import Letter
from local.outbox import sent_messages, verify
from tests.contract.cloud import Cloud
from tests.contract.faults import answer_lost, refused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

SENDER = "carillon@carillon.test"
RECIPIENTS = ("ops@carillon.test", "night@carillon.test")
LETTER = Letter(
    subject="Friday: 5 sent", text="Всё хорошо — ok\n", html="<p>Всё &lt;хорошо&gt;</p>"
)


@pytest.fixture
def ses(ministack: Cloud) -> "SESV2Client":
    """Where the sender is verified."""
    verify(SENDER, ministack.ses)
    return ministack.ses


def mailer(ses: "SESV2Client", sender: str = SENDER) -> SesMailer:
    return SesMailer(ses, sender=sender, recipients=RECIPIENTS)


def outbox(ses: "SESV2Client") -> list[tuple[str, ...]]:
    return [
        (each["Source"], *each["To"], each["Subject"], each["BodyText"], each["BodyHtml"])
        for each in sent_messages(ses.meta.endpoint_url)
    ]


def test_it_arrives_as_it_was_written(ses: "SESV2Client") -> None:
    before = len(outbox(ses))
    mailer(ses).send(LETTER)
    [arrived] = outbox(ses)[before:]
    assert arrived == (SENDER, *RECIPIENTS, LETTER.subject, LETTER.text, LETTER.html)


def test_a_sender_that_is_not_verified_is_refused_without_a_word_of_addresses(
    ses: "SESV2Client",
) -> None:
    with pytest.raises(MailRefused) as refusal:
        mailer(ses, "somebody@else.test").send(LETTER)
    assert str(refusal.value) == "MessageRejected"
    assert refusal.value.__suppress_context__


def test_what_may_have_gone_out_is_not_sent_again_by_itself(ses: "SESV2Client") -> None:
    before = len(outbox(ses))
    with answer_lost(ses, "SendEmail"), pytest.raises(Unavailable):
        mailer(ses).send(LETTER)
    assert len(outbox(ses)) == before + 1


def test_a_throttled_one_may_be_tried_again(ses: "SESV2Client") -> None:
    with (
        refused(ses, "SendEmail", "TooManyRequestsException", times=1),
        pytest.raises(Unavailable),
    ):
        mailer(ses).send(LETTER)
