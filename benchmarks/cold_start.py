"""What a cold start costs: `python -m benchmarks.cold_start`, with `--why api` for where it goes.

Each function is started in a new process of this Python, from the very folders that a local stack
gets (compiled as they are shipped), with its own environment and with nothing else to import from
than Lambda's runtime has. CPU is counted, not time, from before the handler's module is imported to
after, and from there to the first answer: what an import puts off is in the second figure. The
interpreter's own start, the unpacking of zips and AWS's part are not in it.

AWS is somebody on this machine who answers everything with an empty object: nothing is there.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, Final

from benchmarks.shipped import Shipped, shipped

RUNS = 5
START_LIMIT_S = 60
SHOWN_IMPORTS = 40

_ONE_START: Final = Path(__file__).with_name("one_start.py")
_NOBODY: Final = "0" * 20


def _queue(body: Mapping[str, object]) -> dict[str, object]:
    attributes = {"ApproximateReceiveCount": "1"}
    record = {"messageId": "1", "receiptHandle": "1", "body": json.dumps(body)}
    return {"Records": [{**record, "attributes": attributes}]}


def _request(path: str) -> dict[str, object]:
    """As API Gateway's, after its authorizer."""
    claims = {"sub": "measured", "scope": "carillon/read carillon/write"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "127.0.0.1"},
        "requestContext": {
            "http": {"method": "GET", "path": path, "sourceIp": "127.0.0.1"},
            "requestId": "1",
            "stage": "$default",
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "isBase64Encoded": False,
    }


FIRST_EVENTS: Final[Mapping[str, Mapping[str, object]]] = {
    "api": _request(f"/api/v1/clients/{_NOBODY}"),
    "fanout": _queue({"kind": "purge", "mailing_id": _NOBODY}),
    "importer": _queue({"import_id": _NOBODY}),
    "page": _request("/"),
    "planner": {"Records": []},
    "sender": _queue({"mailing_id": _NOBODY, "client_id": _NOBODY}),
    "stats": {"Records": []},
    "widget": {"describe": True},
}
"""What each is asked first: something that it can do although nothing is there. The digest has
nothing of the kind."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """One cold start: CPU seconds, and what was imported beside what a Python process has."""

    import_s: float
    first_s: float
    modules: frozenset[str]


def start(function: Shipped, *, aws_url: str | None = None) -> Start:
    """Start it once; with somebody at `aws_url`, it also answers its first event."""
    event = FIRST_EVENTS.get(function.name) if aws_url else None
    told = _run(function, aws_url=aws_url, event=json.dumps(event) if event else "").stdout
    told = json.loads(told.splitlines()[-1])
    return Start(
        import_s=told["import_s"], first_s=told["first_s"], modules=frozenset(told["modules"])
    )


def cold_starts(runs: int = RUNS) -> Mapping[str, float]:
    """CPU seconds of importing each function's handler, by its name: the median of so many runs.

    Functions take turns: a moment in which the machine is slow meets one run of each.
    """
    functions = shipped()
    turns = [
        {name: start(function).import_s for name, function in functions.items()}
        for _ in range(runs)
    ]
    return {name: median(turn[name] for turn in turns) for name in functions}


def _run(
    function: Shipped, *, aws_url: str | None, event: str, options: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Isolated (-I -S), so that nothing of this machine's is found; and without leaving bytecode
    behind (-B), as on a read-only disk."""
    command = [sys.executable, "-I", "-S", "-B", *options, str(_ONE_START), function.handler, event]
    done = subprocess.run(
        [*command, *map(str, function.folders)],
        env={**function.environment, **_lambda_environment(aws_url)},
        capture_output=True,
        text=True,
        timeout=START_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{function.name} does not start:\n{done.stderr}")
    return done


def _lambda_environment(aws_url: str | None) -> dict[str, str]:
    """What Lambda sets and our functions or botocore look at.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return {
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        **({"AWS_ENDPOINT_URL": aws_url} if aws_url else {}),
    }


class _EmptyHanded(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def empty_handed_aws() -> Iterator[str]:
    """The address of somebody who answers each call with `{}`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _EmptyHanded) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def table(runs: int) -> str:
    """All functions: import, first answer, modules."""
    lines = ["function  import, CPU s  first answer, CPU s  modules"]
    with empty_handed_aws() as aws_url:
        for name, function in shipped().items():
            starts = [start(function, aws_url=aws_url) for _ in range(runs)]
            import_s = median(each.import_s for each in starts)
            first_s = median(each.first_s for each in starts)
            answered = f"{first_s:.3f}" if name in FIRST_EVENTS else ""
            lines.append(f"{name:8}  {import_s:13.3f}  {answered:>19}  {len(starts[0].modules):7}")
    return "\n".join(lines)


_IMPORT_TIME: Final = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| *(\S+)")


def why(function: Shipped) -> str:
    """Its slowest imports, with what they import in turn and by themselves.

    https://docs.python.org/3/using/cmdline.html#cmdoption-X
    """
    told = _run(function, aws_url=None, event="", options=("-X", "importtime")).stderr
    rows = [(int(all_us), int(own_us), name) for own_us, all_us, name in _IMPORT_TIME.findall(told)]
    slowest = sorted(rows, reverse=True)[:SHOWN_IMPORTS]
    lines = [
        f"{all_us / 1000:8.1f}  {own_us / 1000:8.1f}  {name}" for all_us, own_us, name in slowest
    ]
    return "\n".join(["  all, ms   own, ms  module", *lines])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="CPU seconds of each function's cold start")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--why", metavar="FUNCTION", help="show its slowest imports instead")
    asked = parser.parse_args()
    print(why(shipped()[asked.why]) if asked.why else table(asked.runs))


if __name__ == "__main__":
    main()
