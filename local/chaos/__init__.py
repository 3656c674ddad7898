"""Real chaos on the deployed local stack: `make chaos`, or a short form in the tests.

One mailing to some thousand clients through a gateway in its worst moods, while processes are
killed, the emulated AWS is stopped and started, the message queue is emptied, the mailing is paused
and resumed and clients are deleted. Afterwards the gateway's ledger and what the API tells are held
against each other, promise by promise.

`plan` says what happens when, from a seed; `run` lets it happen and keeps the `evidence`; `judging`
holds that against the promises; `report` tells a person.

The emulated AWS is stopped in the clean way: killed, it would lose what it acknowledged during the
last seconds, which AWS itself never does.
"""

from local.chaos.evidence import Evidence, Finding
from local.chaos.judging import judge
from local.chaos.plan import Scale, full, short
from local.chaos.report import tell
from local.chaos.run import CONTEXT, GATEWAY_TIMEOUT_S, unleash

__all__ = [
    "CONTEXT",
    "GATEWAY_TIMEOUT_S",
    "Evidence",
    "Finding",
    "Scale",
    "full",
    "judge",
    "short",
    "tell",
    "unleash",
]
