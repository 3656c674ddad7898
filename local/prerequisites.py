"""What must be on the machine before anything of ours can be installed.

Runs under whatever Python the machine has, so it uses only what old ones know too. It names what
is missing and the Debian package that brings it, or says nothing.
"""

import re
import shutil
import subprocess
import sys

PYTHON_AT_LEAST = (3, 11)
NODE_AT_LEAST = 20


def node_version():
    # type: () -> int
    if shutil.which("node") is None:
        return 0
    found = subprocess.check_output(["node", "--version"], universal_newlines=True)
    match = re.match(r"v(\d+)", found)
    return int(match.group(1)) if match else 0


def missing():
    # type: () -> list[str]
    complaints = []
    if sys.version_info[:2] < PYTHON_AT_LEAST:
        complaints.append(
            "Python 3.11 or newer is needed, this is {}.{}. Install one (Debian: python3) and name "
            "it: make PYTHON=python3.13 setup".format(*sys.version_info[:2])
        )
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            complaints.append(
                "Python's module '{}' is missing. Debian: apt-get install python3-venv".format(
                    module
                )
            )
    version = node_version()
    if version < NODE_AT_LEAST:
        complaints.append(
            "Node 20 or newer is needed, {}. Debian 13: apt-get install nodejs npm; elsewhere: "
            "https://nodejs.org".format("this is {}".format(version) if version else "none is here")
        )
    if shutil.which("npm") is None:
        complaints.append("npm is missing. Debian: apt-get install npm")
    return complaints


if __name__ == "__main__":
    found = missing()
    for complaint in found:
        print(complaint, file=sys.stderr)
    sys.exit(1 if found else 0)
