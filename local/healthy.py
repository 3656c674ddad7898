"""`python -m local.healthy`: whether the API behind the front door is well, for a container."""

import os
import sys
import urllib.request

from local.places import LOOPBACK, Ports

LIMIT_S = 4.0


def main() -> int:
    port = os.environ.get("PORT") or Ports.front_door
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health", timeout=LIMIT_S) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:  # nobody there yet, or a status that is not a success
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
