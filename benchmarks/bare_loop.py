"""The limit: one process of Python that posts the same messages, and does nothing else.

    python -m benchmarks.bare_loop requests --messages 1000 --url http://... --token ... --threads 4

No storage, no queue, no retry and no check: what is left is what it costs in Python to hand a
message to the gateway, which nobody who calls it from Python can go below. Threads share one pool
of kept connections.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Literal

import requests
import urllib3

from benchmarks.deliveries import OURS, Delivery
from local.errors import LocalError
from local.gateway import Control
from local.places import PROJECT_ROOT

Library = Literal["requests", "urllib3"]

PHONES_FROM = 70_000_000_000
TEXT = "Спектакль «Чайка» сегодня в 19:00, ваши места ждут вас"
TIMEOUT_S = 10
RUN_MAX_S = 600.0
THREADS_MIN = 4
"""Without latency more of them only wait for each other: one at a time runs Python."""
ASPIRED_RATE = 600
"""Messages a second for which there are threads enough, whatever the latency."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What the loop says of itself: begun at this Unix time, CPU without imports, peak memory."""

    begun_at: float
    cpu_s: float
    peak_mb: float


def run(
    library: Library, *, messages: int, latency_ms: int, gateway_url: str, token: str
) -> Delivery:
    """Post so many messages from a process of its own, to a gateway that was just restarted.

    `LocalError` when a message was not accepted.
    """
    threads = max(THREADS_MIN, ASPIRED_RATE * latency_ms // 1000)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.bare_loop", library),
            *("--messages", str(messages), "--threads", str(threads)),
            *("--url", gateway_url, "--token", token),
        ],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_MAX_S,
    )
    if done.returncode:
        raise LocalError(f"The bare loop failed:\n{done.stderr}")
    posted = Posted(**json.loads(done.stdout))
    with Control(gateway_url.removesuffix("/v1")) as control:
        calls = control.calls()
        accepted = control.summary().accepted
    return Delivery(
        clients=messages,
        latency_ms=latency_ms,
        seconds=max(call.ended_at or 0.0 for call in calls) - posted.begun_at,
        first_s=calls[0].begun_at - posted.begun_at,
        last_s=calls[-1].begun_at - posted.begun_at,
        cpu_s={OURS: posted.cpu_s},
        peak_mb={OURS: posted.peak_mb},
        accepted=accepted,
    )


def post_all(post: Callable[[int], bool], *, messages: int, threads: int) -> Posted:
    """Post the messages 1 to `messages`; `RuntimeError` unless each is accepted."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    begun_at = time.time()
    with ThreadPoolExecutor(threads) as pool:
        if not all(pool.map(post, range(1, messages + 1))):
            raise RuntimeError("the gateway did not accept a message")
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime
    # getrusage(2): in kilobytes.
    return Posted(begun_at=begun_at, cpu_s=cpu_s, peak_mb=now.ru_maxrss / 1024)


def _body(number: int) -> dict[str, int | str]:
    return {"id": number, "phone": PHONES_FROM + number, "text": TEXT}


def _with_requests(session: requests.Session, url: str, number: int) -> bool:
    answer = session.post(f"{url}/send/{number}", json=_body(number), timeout=TIMEOUT_S)
    return answer.status_code == 200 and answer.json()["code"] == 0


def _with_urllib3(pool: urllib3.PoolManager, url: str, number: int) -> bool:
    body = json.dumps(_body(number))
    answer = pool.request("POST", f"{url}/send/{number}", body=body, timeout=TIMEOUT_S)
    return answer.status == 200 and json.loads(answer.data)["code"] == 0


def poster(library: Library, url: str, token: str, threads: int) -> Callable[[int], bool]:
    """Who posts the message of this number, for so many threads; whether it was accepted."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if library == "urllib3":
        pool = urllib3.PoolManager(maxsize=threads, headers=headers, retries=False)
        return partial(_with_urllib3, pool, url)
    session = requests.Session()
    session.trust_env = False  # no proxy between us and ourselves
    session.headers.update(headers)
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=threads))
    return partial(_with_requests, session, url)


def main() -> int:
    """Post, and print what it took as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bare_loop")
    parser.add_argument("library", choices=["requests", "urllib3"])
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--threads", type=int, default=THREADS_MIN)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    options = parser.parse_args()
    post = poster(options.library, options.url, options.token, options.threads)
    posted = post_all(post, messages=options.messages, threads=options.threads)
    print(json.dumps(asdict(posted)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
