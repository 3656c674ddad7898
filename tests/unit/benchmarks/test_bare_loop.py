"""The bare loop really posts, with either library, and from a process of its own."""

import pytest

from benchmarks.bare_loop import Library, post_all, poster, run
from benchmarks.deliveries import OURS
from local.gateway import Behaviour, Mood, StandIn

MESSAGES = 20
THREADS = 4
TOKEN = "made-up"

pytestmark = pytest.mark.enable_socket  # on the loopback interface only


@pytest.mark.parametrize("library", ["requests", "urllib3"])
def test_each_message_is_posted_once(library: Library) -> None:
    with StandIn(Behaviour(latency_ms=20), token=TOKEN) as gateway:
        post_all(poster(library, gateway.url, TOKEN, THREADS), messages=MESSAGES, threads=THREADS)
        summary = gateway.control.summary()

    assert summary.accepted == summary.calls == MESSAGES
    assert summary.in_flight_max > 1, "threads post at the same time"


@pytest.mark.parametrize("library", ["requests", "urllib3"])
@pytest.mark.parametrize("mood", [Mood.WRONG_CODE, Mood.HTTP_500])
def test_a_refused_message_is_no_result(library: Library, mood: Mood) -> None:
    with (
        StandIn(Behaviour(shares={mood: 1})) as gateway,
        pytest.raises(RuntimeError, match="did not accept"),
    ):
        post_all(poster(library, gateway.url, TOKEN, 1), messages=1, threads=1)


def test_its_process_says_what_it_used() -> None:
    with StandIn(Behaviour(latency_ms=50), token=TOKEN) as gateway:
        delivery = run(
            "urllib3", messages=MESSAGES, latency_ms=50, gateway_url=gateway.url, token=TOKEN
        )

    assert delivery.is_complete
    assert 0 <= delivery.first_s <= delivery.last_s < delivery.seconds
    assert 0 < delivery.cpu_s[OURS] < 5
    assert delivery.peak_mb[OURS] > 1
