"""`python -m local.emulator`; see `server`."""

import sys

from local.emulator.server import main

main(sys.argv[1:])
