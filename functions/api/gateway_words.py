"""Examples of what the OpenAPI document shows of the gateway and of trials."""

from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, Any] = {
    "TrialDraft": {"phone": "79000000001"},
    "TestSend": {
        "id": "q5w2k7n4c3xv6tbd",
        "mailing_id": "k3mzr5w7qyh2ab4c",
        "status": "sent",
        "attempts": 1,
        "created_at": "2030-11-21T08:00:00.000Z",
        "sent_at": "2030-11-21T08:00:01.250Z",
        "last_error": None,
    },
    "Gateway": {
        "status": "troubled",
        "breaker": {"open": False, "until": None},
        "pace": {"parts_per_s": 20.0, "share": 0.667},
        "last_error": "HTTP 429",
        "last_error_at": "2030-11-21T09:00:40.000Z",
        "minutes": [
            {
                "minute": "2030-11-21T09:00:00.000Z",
                "calls": 1017,
                "accepted": 800,
                "refused": 4,
                "retried": 213,
                "p50_ms": 83,
                "p95_ms": 410,
                "max_ms": 1300,
            }
        ],
    },
}
"""One of each schema, by its name."""
