"""The documentation of the API, served by itself: the OpenAPI document and Swagger UI.

Swagger UI's own files are put beside ours when the function is built; nothing is loaded from
elsewhere, and no script stands in the page, so that the strict policy of `headers` holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from functions.api.endpoint import endpoint

STATIC = Path(__file__).parents[1] / "static"

CONTENT_TYPES: Mapping[str, str] = {
    "init.js": "text/javascript; charset=utf-8",
    "oauth2-redirect.html": "text/html; charset=utf-8",
    "oauth2-redirect.js": "text/javascript; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
"""What `/docs` consists of besides the page; no other file is ever read."""

_CACHE = {"Cache-Control": "public, max-age=3600", "Vary": "Accept-Encoding"}
_OWN_WINDOW = {"Cross-Origin-Opener-Policy": "same-origin-allow-popups"}
"""Whoever opened the page has no hold on it; a window that it opens itself to sign in may answer.

https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies
"""
_TAG = "Service"


@dataclass(frozen=True, slots=True)
class DocumentationRoutes:
    """Requests of people who read before they write; `document` makes the OpenAPI document."""

    document: Callable[[], str]
    static: Path

    @endpoint(
        "GET",
        "/openapi.json",
        operation_id="getOpenapi",
        tag=_TAG,
        answer="This document",
    )
    def openapi(self) -> Response[str]:
        """Read the OpenAPI document."""
        return Response(200, "application/json", self.document(), _CACHE)

    @endpoint("GET", "/docs", operation_id="getDocs", tag=_TAG, answer="A page", documented=False)
    def page(self) -> Response[str]:
        """Show Swagger UI."""
        page = (self.static / "docs.html").read_text(encoding="utf-8")
        headers = {**_CACHE, **_OWN_WINDOW}
        return Response(200, "text/html; charset=utf-8", page, headers)

    @endpoint(
        "GET",
        "/docs/<file>",
        operation_id="getDocsFile",
        tag=_TAG,
        answer="A file",
        documented=False,
    )
    def file(self, file: str) -> Response[bytes]:
        """Load a part of the page."""
        content_type = CONTENT_TYPES.get(file)
        if content_type is None:
            raise NotFoundError
        return Response(200, content_type, (self.static / file).read_bytes(), _CACHE)
