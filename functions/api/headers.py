"""What every answer tells a browser: keep to https, believe the content type, frame nothing.

API Gateway's own answers (a refused token, a missing route) do not come this way; they are JSON and
hold nothing that a browser would run.
"""

from collections.abc import Mapping
from typing import Any

from functions.api.endpoint import API

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Swagger UI's style sheet carries its icons
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""For pages: nothing from another origin and nothing inline.

https://www.w3.org/TR/CSP3/
"""

DATA_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""For all else, in case a browser is made to show it: nothing is loaded, nothing is run."""

EVERY_ANSWER: Mapping[str, str] = {
    # Two years, as the preload lists ask for. Names below ours are not ours to decide about.
    # https://datatracker.ietf.org/doc/html/rfc6797#section-6.1
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no `frame-ancestors`
    "Referrer-Policy": "no-referrer",  # paths and queries hold ids and may hold a phone
    "Cross-Origin-Resource-Policy": "same-origin",
    # https://html.spec.whatwg.org/multipage/browsers.html#origin-keyed-agent-clusters
    "Origin-Agent-Cluster": "?1",
}

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
