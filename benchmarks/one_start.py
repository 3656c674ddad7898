"""A function's cold start, run as a script in a new process: import its handler, answer one event.

The environment is the function's own. The arguments are the handler as Lambda names it
(`functions.api.handler.handler`), the event as JSON, and then the folders to import from. It prints
one line of JSON: CPU seconds of the import and of the first invocation, and the modules imported.

It imports what every Python process of Lambda's runtime has imported already, and nothing else, so
that the handler pays for all the rest.
"""

import json
import os
import sys
import time


class Context:
    """What the handlers read of an invocation."""

    function_name = "measured"
    function_version = "1"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:measured"
    memory_limit_in_mb = 512
    aws_request_id = "made-up"

    def get_remaining_time_in_millis(self) -> int:
        """As much as the longest invocation has."""
        return 60_000


def main(handler: str, event: str, *folders: str) -> None:
    """Start, answer, tell."""
    sys.path[:] = [*folders, *(path for path in sys.path[1:] if "site-packages" not in path)]
    before = set(sys.modules)
    module, _, function = handler.rpartition(".")
    begun = time.process_time()
    __import__(module)
    imported = time.process_time()
    modules = sorted(set(sys.modules) - before)
    answer = None
    if event:
        out, sys.stdout = sys.stdout, sys.stderr
        answer = getattr(sys.modules[module], function)(json.loads(event), Context())
        sys.stdout = out
    # For a look by hand, whether the answer is the one that was meant.
    told = {
        "import_s": imported - begun,
        "first_s": time.process_time() - imported,
        "modules": modules,
        "answer": repr(answer)[:200],
    }
    print(json.dumps(told), flush=True)
    os._exit(0)  # pools of threads and kept connections are the runtime's to end


if __name__ == "__main__":
    main(*sys.argv[1:])
