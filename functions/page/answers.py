"""What a browser gets for each path: the page, one of its files, or nothing.

The page itself is asked for each time and mostly answered with "not changed"; its files have a
digest in their path and are kept for good. All is compressed when it was built.
"""

import base64
import gzip
import json
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from carillon.headers import DATA_POLICY, EVERY_ANSWER, page_policy
from functions.page.files import CONTENT_TYPES, Files

Answer = dict[str, Any]

_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
"""A year, the longest that RFC 9111's ancestors had a meaning for; the path tells the version."""
_ASK_FIRST = {"Cache-Control": "no-cache"}
_OWN_WINDOW = {"Cross-Origin-Opener-Policy": "same-origin"}
_COMPRESSED = {"Content-Encoding": "gzip"}
_BY_ENCODING = {"Vary": "Accept-Encoding"}

_TRUSTED_TYPES = "require-trusted-types-for 'script'"
"""No text becomes markup or script by accident: browsers that know it refuse.

https://www.w3.org/TR/trusted-types/
"""

_REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


@dataclass(frozen=True)
class Page:
    """Answers requests with the page's files."""

    files: Files
    uploads_origin: str | None

    def answer(self, event: Answer) -> Answer:
        """API Gateway's answer to its event (payload format 2.0)."""
        path: str = event["rawPath"]
        headers: dict[str, str] = event.get("headers") or {}
        accepted = headers.get("accept-encoding", "").lower()
        compressed = "gzip" in accepted and not _REFUSES_GZIP.search(accepted)
        if path == "/":
            if self.etag in headers.get("if-none-match", ""):
                return {"statusCode": 304, "headers": self._index_headers, "body": ""}
            index = gzip.compress(self.files.index, mtime=0)
            return _answer(index, self._index_headers, compressed=compressed)
        _, found, name = path.partition(f"/assets/{self.files.digest}/")
        content = self.files.assets.get(name) if found else None
        return _asset(name, content, compressed=compressed) if content else _nothing_at(path)

    @cached_property
    def policy(self) -> str:
        """The page's content policy: our scripts and the one import map that the page holds."""
        return page_policy(
            scripts=[f"'{self.files.import_map}'"],
            connections=[self.uploads_origin] if self.uploads_origin else [],
            more=[_TRUSTED_TYPES],
        )

    @cached_property
    def etag(self) -> str:
        """Of the page; weak, as it is compressed for some and not for others."""
        return f'W/"{sha256(self.files.index).hexdigest()[:32]}"'

    @cached_property
    def _index_headers(self) -> dict[str, str]:
        return {
            **EVERY_ANSWER,
            **_ASK_FIRST,
            **_OWN_WINDOW,
            **_BY_ENCODING,
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": self.policy,
            "ETag": self.etag,
        }


def _asset(name: str, content: bytes, *, compressed: bool) -> Answer:
    headers = {
        **EVERY_ANSWER,
        **_FOR_GOOD,
        **_BY_ENCODING,
        "Content-Type": CONTENT_TYPES[PurePosixPath(name).suffix],
        "Content-Security-Policy": DATA_POLICY,
    }
    return _answer(content, headers, compressed=compressed)


def _answer(content: bytes, headers: dict[str, str], *, compressed: bool) -> Answer:
    """`content` is compressed; who takes that is spared the work, nearly everybody."""
    body = content if compressed else gzip.decompress(content)
    return {
        "statusCode": 200,
        "headers": {**headers, **(_COMPRESSED if compressed else {})},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _nothing_at(path: str) -> Answer:
    """A problem document as the API has them; the path itself is not repeated."""
    problem = {
        "type": "urn:problem-type:carillon:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "this file belongs to no version of the page that is deployed"
        if path.startswith("/assets/")
        else "there is nothing at this path",
    }
    headers = {
        **EVERY_ANSWER,
        "Cache-Control": "no-store",
        "Content-Type": "application/problem+json",
        "Content-Security-Policy": DATA_POLICY,
    }
    return {"statusCode": 404, "headers": headers, "body": json.dumps(problem)}
