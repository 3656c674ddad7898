"""The keys that lines of the log may have: those that the document explains."""

import re

from tests.architecture.sources import ROOT

POWERTOOLS = frozenset(
    {"level", "message", "timestamp", "service", "cold_start", "function_request_id"}
)


def documented() -> frozenset[str]:
    """The keys in the first column of the last table."""
    document = (ROOT / "docs/logging.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*) \|", document.partition("## Keys")[2], re.MULTILINE)
    return frozenset(key for row in rows for key in re.findall(r"`(\w+)`", row))
