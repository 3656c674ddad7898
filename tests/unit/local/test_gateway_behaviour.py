"""Which call of the stand-in meets which mood, and what it remembers."""

from collections import Counter

import pytest
from pydantic import ValidationError

from local.gateway.behaviour import MANNERS, Behaviour, Mood
from local.gateway.ledger import Ledger


def moods(behaviour: Behaviour, calls: int = 2000) -> list[Mood | None]:
    return [behaviour.mood_of(number, attempt=1) for number in range(calls)]


def test_every_mood_has_its_manner() -> None:
    assert set(MANNERS) == set(Mood)


def test_the_shares_are_met() -> None:
    behaviour = Behaviour(shares={Mood.HTTP_500: 0.5, Mood.SILENT: 0.1, Mood.GARBAGE: 0.05})
    met = Counter(moods(behaviour))
    assert set(met) == {Mood.HTTP_500, Mood.SILENT, Mood.GARBAGE, None}
    assert met[Mood.HTTP_500] == pytest.approx(1000, abs=100)
    assert met[Mood.SILENT] == pytest.approx(200, abs=60)
    assert met[Mood.GARBAGE] == pytest.approx(100, abs=40)


@pytest.mark.parametrize(("share", "met"), [(0, None), (1, Mood.DRIP)])
def test_none_and_all(share: float, met: Mood | None) -> None:
    assert set(moods(Behaviour(shares={Mood.DRIP: share}))) == {met}


def test_a_seed_repeats_itself_and_another_differs() -> None:
    def drawn(seed: int) -> list[Mood | None]:
        return moods(Behaviour(shares={Mood.EMPTY: 0.5}, seed=seed))

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_another_attempt_may_meet_another_mood() -> None:
    behaviour = Behaviour(shares={Mood.HTTP_503: 0.5})
    assert {behaviour.mood_of(1, attempt) for attempt in range(20)} == {Mood.HTTP_503, None}


@pytest.mark.parametrize(
    "told",
    [
        '{"shares": {"silent": 0.6, "drip": 0.5}}',
        '{"shares": {"silent": -0.1}}',
        '{"shares": {"grumpy": 0.5}}',
        '{"latency_ms": -1}',
        '{"latency": 5}',
    ],
)
def test_nonsense_is_refused(told: str) -> None:
    with pytest.raises(ValidationError):
        Behaviour.model_validate_json(told)


@pytest.mark.parametrize(("forgetful", "deliveries"), [(False, 1), (True, 2)])
def test_an_id_that_comes_again(forgetful: bool, deliveries: int) -> None:
    ledger = Ledger()
    for _ in range(2):
        with ledger.call("5") as record:
            ledger.accept(record, forgetful=forgetful)
    (message,) = ledger.accepted()
    assert (message.times, message.deliveries) == (2, deliveries)
    summary = ledger.summary()
    assert (summary.accepted, summary.accepted_more_than_once) == (1, 1)
    assert summary.delivered_more_than_once == deliveries - 1


def test_calls_in_flight_are_counted() -> None:
    ledger = Ledger()
    with ledger.call("1"), ledger.call("2"):
        assert ledger.summary().in_flight == 2
    with ledger.call("3"):
        pass
    assert (ledger.summary().in_flight, ledger.summary().in_flight_max) == (0, 2)


def test_only_the_latest_calls_are_remembered_but_all_are_counted() -> None:
    ledger = Ledger(calls_max=10)
    for number in range(15):
        with ledger.call(str(number)):
            pass
    assert ledger.summary().calls == 15
    assert [call.number for call in ledger.calls_since(0, limit=2)] == [5, 6]
    assert [call.number for call in ledger.calls_since(13, limit=9)] == [13, 14]
    assert ledger.calls_since(15, limit=9) == []
