"""`python -m supply licences|sbom|audit`: see the Makefile."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """One of the commands; an exit status."""
    match arguments:
        case ["licences"]:
            from supply.licences import write

            return write()
        case ["sbom"]:
            from supply import bill

            return bill.write()
        case ["audit"]:
            from supply.audit import audit

            return audit()
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
