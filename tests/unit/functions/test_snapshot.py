"""The API started from a snapshot of its memory, many times: nothing of one start is another's.

A fork is such a start: both children go on from the very memory that the handler's module left
behind. What it may not leave there is a connection, a thread or a generator's seed.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
"""

import json
import os
import subprocess
import sys

from functions.api.settings import ApiSettings
from infra.assets import ROOT

STARTED = """
import json, os, sys, threading

reached = []
sys.addaudithook(lambda event, arguments: reached.append(event) if event in (
    "socket.connect", "socket.getaddrinfo", "subprocess.Popen") else None)

from functions.api import handler
from carillon.adapters.system import SystemChance

threads, chance, restored = threading.active_count(), SystemChance(), []
for _ in range(3):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, chance.new_id().encode())
        os._exit(0)
    os.wait()
    restored.append(os.read(reading, 100).decode())
print(json.dumps({"reached": reached, "threads": threads, "ids": restored}))
"""


def test_init_leaves_no_connection_no_thread_and_no_seed() -> None:
    settings = {name.upper(): "https://made-up.test/x" for name in ApiSettings.model_fields}
    run = subprocess.run(
        [sys.executable, "-c", STARTED],
        cwd=ROOT,
        env={
            **settings,
            "GATEWAY_PARTS_PER_S": "",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/shared/python'}",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "POWERTOOLS_SERVICE_NAME": "api",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    left = json.loads(run.stdout)
    assert left["reached"] == []
    assert left["threads"] == 1
    assert len(set(left["ids"])) == 3, left
