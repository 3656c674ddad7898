"""The headers that guard each answer in a browser, whichever route made it.

API Gateway's own answers (a refused token, a missing route) do not come this way; they are JSON and
hold nothing that a browser would run.
"""

from collections.abc import Mapping
from typing import Any

from carillon.headers import DATA_POLICY, EVERY_ANSWER, page_policy
from functions.api.endpoint import API

PAGE_POLICY = page_policy()
"""Of Swagger UI's page, which keeps to its own origin."""

NO_STORE = {"Cache-Control": "no-store"}
"""People's numbers are in the answers, and all of them change: nobody in between may keep them."""


def protected(answer: dict[str, Any], *, path: str) -> dict[str, Any]:
    """API Gateway's answer with the headers that guard it; what a route says itself holds."""
    headers: Mapping[str, str] = answer["headers"]
    is_page = headers.get("Content-Type", "").startswith("text/html")
    guards = {
        **EVERY_ANSWER,
        "Content-Security-Policy": PAGE_POLICY if is_page else DATA_POLICY,
        **(NO_STORE if path.startswith(API) else {}),
    }
    return {**answer, "headers": {**guards, **headers}}
