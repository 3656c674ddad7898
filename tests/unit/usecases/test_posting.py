"""A digest is sent once, whatever fires twice, fails or crashes."""

import pytest

from carillon.errors import DigestNotSent, LostRace, MailRefused, Unavailable
from carillon.usecases.posting import HELD_FOR, TRIES_MAX
from tests.unit.usecases.digest_stage import YESTERDAY, DigestStage
from tests.unit.usecases.stage import after, before, once, outage


@pytest.fixture
def stage() -> DigestStage:
    return DigestStage()


def crash() -> None:
    """The process is killed: no handler of ours runs."""
    raise KeyboardInterrupt


def test_it_is_sent_once(stage: DigestStage) -> None:
    assert stage.post.send(YESTERDAY)
    assert not stage.post.send(YESTERDAY)
    assert len(stage.mailer.sent) == 1
    assert "20 November" in stage.mailer.sent[0].subject


def test_another_days_is_another(stage: DigestStage) -> None:
    stage.post.send(YESTERDAY)
    assert stage.post.send(YESTERDAY.replace(day=19))
    assert len(stage.mailer.sent) == 2


def test_asked_for_again_it_is_sent_again(stage: DigestStage) -> None:
    stage.post.send(YESTERDAY)
    assert stage.post.send(YESTERDAY, again=True)
    assert len(stage.mailer.sent) == 2


@pytest.mark.parametrize("error", [Unavailable("SendEmail"), MailRefused("MessageRejected")])
def test_after_a_failure_the_next_try_sends_it(stage: DigestStage, error: Exception) -> None:
    stage.mailer.fails_with = error
    with pytest.raises(DigestNotSent) as failure:
        stage.post.send(YESTERDAY)
    assert (failure.value.tries, failure.value.is_last) == (1, False)
    assert failure.value.__cause__ is error
    stage.mailer.fails_with = None
    stage.clock.advance(HELD_FOR.total_seconds())  # Lambda's own pause is longer
    assert stage.post.send(YESTERDAY)
    assert len(stage.mailer.sent) == 1


def test_the_last_failure_is_known_as_such_and_nobody_tries_any_more(stage: DigestStage) -> None:
    stage.mailer.fails_with = Unavailable("SendEmail")
    last = []
    for _ in range(TRIES_MAX):
        with pytest.raises(DigestNotSent) as failure:
            stage.post.send(YESTERDAY)
        last.append(failure.value.is_last)
        stage.clock.advance(HELD_FOR.total_seconds())
    assert last == [False, False, True]
    stage.mailer.fails_with = None
    assert not stage.post.send(YESTERDAY)
    assert stage.post.send(YESTERDAY, again=True), "but for a person who asks"


def test_the_schedule_fires_twice_at_the_same_moment(stage: DigestStage) -> None:
    other = stage.post
    refused = []

    def fire() -> None:
        with pytest.raises(LostRace) as busy:
            other.send(YESTERDAY)
        refused.append(busy)

    stage.mailer = before(stage.mailer, "send", once(fire))
    assert stage.post.send(YESTERDAY)
    assert len(refused) == 1
    assert not stage.post.send(YESTERDAY), "when Lambda asks again, there is nothing to do"


def test_two_that_read_the_mark_at_the_same_moment(stage: DigestStage) -> None:
    other = stage.post
    stage.marks = after(stage.marks, "get", once(lambda: other.send(YESTERDAY)))
    with pytest.raises(LostRace):
        stage.post.send(YESTERDAY)
    assert len(stage.mailer.sent) == 1


def test_a_crash_after_the_mail_sends_it_twice_rather_than_never(stage: DigestStage) -> None:
    healthy = stage.mailer
    stage.mailer = after(stage.mailer, "send", once(crash))
    with pytest.raises(KeyboardInterrupt):
        stage.post.send(YESTERDAY)
    stage.mailer = healthy
    stage.clock.advance(HELD_FOR.total_seconds())
    assert stage.post.send(YESTERDAY)
    assert len(stage.mailer.sent) == 2


def test_a_crash_before_the_mail_loses_nothing(stage: DigestStage) -> None:
    healthy = stage.mailer
    stage.mailer = before(stage.mailer, "send", once(crash))
    with pytest.raises(KeyboardInterrupt):
        stage.post.send(YESTERDAY)
    stage.mailer = healthy
    with pytest.raises(LostRace):
        stage.post.send(YESTERDAY)
    stage.clock.advance(HELD_FOR.total_seconds())
    assert stage.post.send(YESTERDAY)
    assert len(stage.mailer.sent) == 1


def test_however_often_it_crashes_nobody_gets_more_than_three(stage: DigestStage) -> None:
    stage.mailer = after(healthy := stage.mailer, "send", crash)
    for _ in range(TRIES_MAX):
        with pytest.raises(KeyboardInterrupt):
            stage.post.send(YESTERDAY)
        stage.clock.advance(HELD_FOR.total_seconds())
    assert not stage.post.send(YESTERDAY)
    assert len(healthy.sent) == TRIES_MAX


def test_a_mark_that_cannot_be_taken_sends_nothing(stage: DigestStage) -> None:
    stage.marks = before(stage.marks, "replace", outage)
    with pytest.raises(Unavailable):
        stage.post.send(YESTERDAY)
    assert stage.mailer.sent == []
