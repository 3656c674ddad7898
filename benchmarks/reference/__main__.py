"""The reference alone: `python -m benchmarks.reference`, one line for each run.

Any choice of the tuned manner can be tried: `--pool gevent --concurrency 100 --latency 0 200`.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.deliveries import OURS, Delivery
from benchmarks.gateway_process import gateway_process
from benchmarks.reference import MANNERS, Manner, reference_servers, run
from local.errors import LocalError


def main() -> int:
    """Run them; an exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to end what was started, too
    options = _options()
    chosen = {name: value for name, value in vars(options.choices).items() if value is not None}
    manner = replace(MANNERS[options.manner], **chosen)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with (
                reference_servers() as servers,
                gateway_process(Path(folder) / "gateway.log") as gateway,
            ):
                for latency_ms in options.latency:
                    delivery = run(
                        manner,
                        clients=options.clients,
                        latency_ms=latency_ms,
                        gateway=gateway,
                        servers=servers,
                    )
                    print(_line(manner, delivery), flush=True)
        except LocalError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reference", description=__doc__)
    parser.add_argument("--manner", choices=[*MANNERS], default="best")
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--latency", type=int, nargs="+", default=[0, 50, 200], metavar="MS")
    options, rest = parser.parse_known_args()
    choices = argparse.ArgumentParser(prog=parser.prog, usage=parser.format_usage())
    choices.add_argument("--pool", choices=["prefork", "threads", "gevent"])
    choices.add_argument("--processes", type=int)
    choices.add_argument("--concurrency", type=int)
    choices.add_argument("--prefetch", type=int)
    choices.add_argument("--serializer", choices=["json", "msgpack"])
    choices.add_argument("--synchronous-commit", action=argparse.BooleanOptionalAction)
    options.choices = choices.parse_args(rest)
    return options


def _line(manner: Manner, delivery: Delivery) -> str:
    cpu = ", ".join(f"{group} {delivery.cpu_ms(group):.2f}" for group in delivery.cpu_s)
    return (
        f"{manner}; {delivery.clients} at {delivery.latency_ms} ms: {delivery.rate:.0f}/s; "
        f"CPU ms a message: {cpu}; workers {delivery.peak_mb[OURS]:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
