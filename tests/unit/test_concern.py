"""What a piece of work is about is on each of its lines, and on no other's."""

import logging
from collections.abc import Iterator

import pytest

from carillon.concern import about, concerning, learned, learned_of
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_REQUEST
from tests.unit.usecases.logged import as_in_a_function, lines

log = logging.getLogger("carillon.test")


@pytest.fixture(autouse=True)
def _as_in_a_function(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with as_in_a_function(caplog):
        yield


def _keys(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [keys for _, _, keys in lines(caplog)]


def test_what_is_known_and_what_is_learned_is_on_all_later_lines(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with concerning(record_id="r1", nothing=None):
        log.info("one")
        learned(client_id="c1")
        log.info("two", extra={"record_id": "its own"})
        learned_of(a_mailing())
    log.info("outside")
    known = {"record_id": "r1"}
    assert _keys(caplog) == [known, {"record_id": "its own", "client_id": "c1"}, {}]


def test_work_within_work_knows_both_and_tells_nothing_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with concerning(record_id="r1"):
        with concerning(client_id="c1"):
            learned(message_id="m")
            log.info("inside")
        log.info("after it")
    inside = {"record_id": "r1", "client_id": "c1", "message_id": "m"}
    assert _keys(caplog) == [inside, {"record_id": "r1"}]


def test_what_failed_is_known_after_the_failure(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        learned_of(a_mailing())
        learned_of(None)
        raise KeyError

    with concerning():
        with pytest.raises(KeyError):
            fails()
        log.info("failed")
    assert _keys(caplog) == [{"mailing_id": "m0000001", "correlation_id": SOME_REQUEST}]


def test_nothing_is_learned_where_no_work_is_begun(caplog: pytest.LogCaptureFixture) -> None:
    learned(client_id="c1")
    with concerning():
        log.info("begun")
    assert _keys(caplog) == [{}]


def test_a_mailing_of_before_has_no_request(caplog: pytest.LogCaptureFixture) -> None:
    old = a_mailing(correlation_id=None)
    assert about(old, slices=3, reason=None) == {"mailing_id": "m0000001", "slices": 3}
