"""A sender's fuse over whole batches: when refusals are kept, and when they are believed again."""

import logging

import pytest

from carillon.models.gateway import GatewayCall, GatewayOutcome
from carillon.models.message import MessageStatus, gateway_id
from carillon.models.records import Record
from carillon.policy.answers import Refused, TryAgain
from carillon.policy.fuse import ANSWERS_MIN, WINDOW
from carillon.usecases.delivering import Delivering
from carillon.usecases.fuse import Fuse
from tests.fakes.gateway import OK
from tests.fakes.samples import a_message
from tests.unit.usecases.replies import reply
from tests.unit.usecases.stage import HOUR, NOW, Stage, doorbell, running, with_messages

REFUSED = reply(400, 12)


class Campaign:
    """One sender and as many messages as are asked for, one after the other."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.stage.put(running(ends_at=NOW + 10 * HOUR))
        self.sender: Delivering = self.stage.sender
        self._made = 0

    def answered(self, *answers: GatewayOutcome) -> list[MessageStatus]:
        """What becomes of the next messages, in one batch, when they are answered so."""
        numbers = range(self._made + 1, self._made + len(answers) + 1)
        self._made += len(answers)
        with_messages(self.stage, self._made)
        by_id = {
            gateway_id(a_message(number).id): answer
            for number, answer in zip(numbers, answers, strict=True)
        }

        def script(call: GatewayCall) -> GatewayOutcome:
            return by_id[call.gateway_id]

        self.stage.calls.script = script
        records = [Record(f"r{n}", f"receipt-{n}", 1, doorbell(n, fresh_at=NOW)) for n in numbers]
        self.sender.deliver(records, self.stage.budget())
        return [self.stage.message(number).status for number in numbers]


FAILED, PENDING, SENT = MessageStatus.FAILED, MessageStatus.PENDING, MessageStatus.SENT


def test_a_small_mailing_may_be_refused_as_a_whole() -> None:
    assert set(Campaign().answered(*[REFUSED] * (ANSWERS_MIN - 1))) == {FAILED}


def test_what_is_refused_beyond_belief_is_kept_and_tried_again() -> None:
    campaign = Campaign()
    assert campaign.answered(*[REFUSED] * 60) == [FAILED] * 49 + [PENDING] * 11
    kept = campaign.stage.message(60)
    assert (kept.attempts, kept.refused, kept.in_doubt) == (1, 1, False)
    assert kept.last_error == "HTTP 400 with code 12"
    assert kept.not_before > NOW
    assert [client for client, _ in campaign.stage.rung()] == [f"c{n:07d}" for n in range(50, 61)]


def test_half_of_the_answers_may_be_refusals() -> None:
    assert set(Campaign().answered(*[OK, REFUSED] * 100)) == {SENT, FAILED}


def test_answers_that_judge_no_message_do_not_count() -> None:
    campaign = Campaign()
    campaign.answered(*[reply(429)] * 200)
    assert campaign.answered(*[REFUSED] * 50)[-2:] == [FAILED, PENDING]


def test_accepted_messages_bring_belief_back() -> None:
    campaign = Campaign()
    campaign.answered(*[REFUSED] * 60)
    assert campaign.answered(*[OK] * 59, REFUSED)[-1] is PENDING
    assert campaign.answered(*[OK] * 3, REFUSED)[-1] is FAILED


def test_only_the_last_answers_count() -> None:
    campaign = Campaign()
    campaign.answered(*[REFUSED] * 300)
    assert campaign.answered(*[OK] * (WINDOW // 2 - 1), REFUSED)[-1] is PENDING
    assert campaign.answered(*[OK] * 2, REFUSED)[-1] is FAILED


def test_a_kept_refusal_is_no_news_of_the_gateway_or_its_token() -> None:
    fuse = Fuse()
    verdicts = [fuse.judge(Refused("HTTP 400")) for _ in range(ANSWERS_MIN)]
    assert verdicts[-1] == TryAgain(
        "HTTP 400",
        surely_not_accepted=True,
        alarm=True,
        refresh_token=False,
        after_s=None,
        trouble=False,
        slower=False,
    )


def test_each_batch_with_kept_refusals_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    campaign = Campaign()
    campaign.answered(*[REFUSED] * 60)
    campaign.answered(*[REFUSED] * 5)
    campaign.answered(*[OK] * 5)
    errors = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert [each.getMessage() for each in errors] == ["gateway refuses most messages"] * 2
    assert [vars(each)["kept"] for each in errors] == [11, 5]
