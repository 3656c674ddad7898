"""Run the stand-in on a port until it is told to stop (SIGTERM or Ctrl-C)."""

import argparse
import asyncio
import signal
import sys

from local.gateway.behaviour import Behaviour
from local.gateway.server import Gateway, serving


def main() -> int:
    """Serve; 0 when told to stop, 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m local.gateway", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", help="the only bearer token that is taken; default: any")
    parser.add_argument(
        "--behaviour",
        type=Behaviour.model_validate_json,
        default=Behaviour(),
        metavar="JSON",
        help='for example \'{"latency_ms": 200, "shares": {"http_500": 0.5}}\'',
    )
    options = parser.parse_args()
    try:
        asyncio.run(_serve(Gateway(options.behaviour, options.token), options.host, options.port))
    except OSError as error:
        print(f"The stand-in gateway cannot listen on port {options.port}: {error.strerror}")
        return 1
    return 0


async def _serve(gateway: Gateway, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(gateway, host, port) as listening:
        print(f"The stand-in gateway listens on http://{host}:{listening}/v1", flush=True)
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
