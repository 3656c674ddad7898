"""What arrives, before anything looks inside: its size, its kind and its encoding.

API Gateway passes on bodies of up to 10 MB, of any content type and in Base64 if it likes. Behind
this module nothing is too large, and a body is UTF-8 text that claims to be JSON, or a form where
OAuth has one sent.
"""

import base64
import binascii
from typing import Any

from pydantic_core import from_json

from carillon.errors import Malformed
from functions.api.errors import (
    BodyTooLarge,
    HeadersTooLarge,
    NoObject,
    TargetTooLong,
    UnsupportedContentType,
)

Event = dict[str, Any]

BODY_BYTES_MAX = 64 * 1024
"""The largest sensible body, 1,000 characters of text and 100 labels of 64 characters, each written
as escapes, has 53 KB."""

TARGET_BYTES_MAX = 10_240
"""Of path and query: what API Gateway takes of a request's line and headers together, so that no
other front door lets in more.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

HEADERS_BYTES_MAX = 16_384
"""Of names and values: the same, and what API Gateway and a proxy in front of it may add."""

JSON_DEPTH_MAX = 200
"""The parser's own limit, far from what a stack can take. Our bodies nest three deep.

https://docs.rs/jiter/latest/jiter/
"""

TOKEN_PATH = "/auth/token"  # noqa: S105 - a path
"""Where RFC 6749 has a form sent."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_METHODS_WITH_BODY = frozenset({"POST", "PATCH"})


def admit(event: Event) -> Event:
    """The same event with a plain text body and a plain content type.

    `TargetTooLong`, `HeadersTooLarge`, `BodyTooLarge`, `UnsupportedContentType` or `Malformed` (not
    UTF-8) when it is not acceptable.
    """
    _check_sizes(event)
    if event["requestContext"]["http"]["method"] not in _METHODS_WITH_BODY:
        return {**event, "body": None, "isBase64Encoded": False}
    body = _bytes_of(event)
    if len(body) > BODY_BYTES_MAX:
        raise BodyTooLarge(f"a body has at most {BODY_BYTES_MAX} bytes, this one {len(body)}")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if body:
        expected = FORM if event["rawPath"] == TOKEN_PATH else JSON
        _check_content_type(headers.get("content-type"), expected)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"the body is not UTF-8: byte {error.start} cannot be read") from error
    headers["content-type"] = JSON
    return {**event, "headers": headers, "body": text, "isBase64Encoded": False}


def read_json(text: str) -> dict[str, Any]:
    """The object in a body.

    Stricter than the standard library, as RFC 8259 allows: no NaN, no half of a surrogate pair, no
    nesting beyond what a stack can take. `Malformed`, or `NoObject` when there is none.
    """
    if not text.strip():
        raise NoObject("is required: a JSON object")
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        if "recursion limit" in str(error):
            raise Malformed(f"the body nests deeper than {JSON_DEPTH_MAX} levels") from error
        raise Malformed(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise NoObject("must be a JSON object, for example {}")
    return value


def _check_sizes(event: Event) -> None:
    target = _size(event["rawPath"]) + _size(event.get("rawQueryString") or "")
    if target > TARGET_BYTES_MAX:
        raise TargetTooLong(f"path and query have at most {TARGET_BYTES_MAX} bytes, these {target}")
    pairs = (event.get("headers") or {}).items()
    headers = sum(_size(name) + _size(value) for name, value in pairs)
    if headers > HEADERS_BYTES_MAX:
        raise HeadersTooLarge(f"headers have at most {HEADERS_BYTES_MAX} bytes, these {headers}")


def _size(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _bytes_of(event: Event) -> bytes:
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise Malformed("the body is not what its encoding says") from error


def _check_content_type(header: str | None, expected: str) -> None:
    """The expected kind in UTF-8, or no word about it."""
    if header is None:
        return
    kind, *parameters = (part.strip().lower() for part in header.split(";"))
    charsets = [name for name in parameters if name.startswith("charset=")]
    if kind != expected or any(
        name.partition("=")[2].strip('"') not in ("utf-8", "utf8") for name in charsets
    ):
        raise UnsupportedContentType(f"send {expected} in UTF-8")
