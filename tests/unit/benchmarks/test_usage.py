"""CPU and memory of processes that really run, and of threads."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

import pytest

from benchmarks.sampling import Sampling, is_possible
from benchmarks.usage import Usage, tree

BURNT_S = 0.3
HELD_MB = 40
BURN = (
    f"import sys, time\nheld = b'x' * {HELD_MB << 20}\n"
    f"while time.process_time() < {BURNT_S}: pass\nprint(flush=True)\nsys.stdin.read()"
)


class Burning:
    """A process that uses so much CPU and memory, says so, and ends when it is let go."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.pid = self._process.pid

    def wait_until_burnt(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def burning() -> Iterator[Burning]:
    process = Burning()
    yield process
    process.end()


def test_a_process_that_begins_and_ends_meanwhile_is_counted() -> None:
    # By name: other tests of this process may have left children of their own.
    started: list[int] = []
    with Usage({"children": lambda: started, "nobody": lambda: ()}) as usage:
        process = Burning()
        started.append(process.pid)
        process.wait_until_burnt()
        until = time.monotonic() + 10
        while usage.cpu_s["children"] < BURNT_S - 0.05 or not usage.peak_mb["children"]:
            assert time.monotonic() < until, usage.cpu_s
            time.sleep(0.02)
        process.end()
    assert usage.cpu_s["children"] == pytest.approx(BURNT_S, abs=0.15)
    assert HELD_MB <= usage.peak_mb["children"] < 3 * HELD_MB
    assert usage.cpu_s["nobody"] == usage.peak_mb["nobody"] == 0


def test_what_a_process_used_before_does_not_count(burning: Burning) -> None:
    burning.wait_until_burnt()
    with Usage({"it": lambda: [burning.pid]}) as usage:
        pass
    assert usage.cpu_s["it"] <= 0.05
    assert usage.peak_mb["it"] >= HELD_MB


def test_a_process_that_is_gone_has_no_tree(burning: Burning) -> None:
    assert tree(burning.pid) == [burning.pid]
    burning.end()
    assert tree(burning.pid) == []


@pytest.mark.skipif(not is_possible(), reason="threads have no clocks of their own here")
def test_time_is_put_down_to_who_uses_it_and_waiting_costs_nothing() -> None:
    def works() -> None:
        while time.thread_time() < BURNT_S:
            pass

    def waits() -> None:
        over.wait()

    def name(frame: FrameType | None) -> str:
        names = []
        while frame is not None:
            names.append(frame.f_code.co_name)
            frame = frame.f_back
        return next((each for each in names if each in ("works", "waits")), "other")

    over = threading.Event()
    with Sampling(name) as sampling:
        threads = [threading.Thread(target=each) for each in (works, waits)]
        for each in threads:
            each.start()
        threads[0].join()
        over.set()
        threads[1].join()
    spent = sampling.cpu_s
    assert spent["works"] == pytest.approx(BURNT_S, abs=0.1)
    assert spent.get("waits", 0) < 0.05
