"""What the OpenAPI document says that no model can: introduction, examples, problems, headers."""

from collections.abc import Mapping
from typing import Any

from functions.api import gateway_words, import_views
from functions.api.openapi_page_words import CSV_HEADERS, PAGE_EXAMPLES
from functions.api.scopes import SCOPES

TITLE = "Carillon"
VERSION = "1.0.0"
"""Of the contract; it grows within a major version and never changes."""

INTRODUCTION = """\
Carillon runs mailings. An operator describes one: a text, when it starts and ends, which clients \
get it and, if wanted, the local hours in which people may be written to. Carillon sends one \
message to each matching client through an external gateway, in time, and accounts for every one.

JSON in and out, in UTF-8. Times are RFC 3339 with an offset on input, UTC with `Z` and \
milliseconds on output. Ids are opaque. Fields and parameters that are not described here are \
refused; answers may grow by more of them.

**Tokens**: every call below `/api` carries `Authorization: Bearer <token>`. The token permits \
reading with the scope `carillon/read` and everything else with `carillon/write`. `/auth/config` \
says where tokens come from.

**Lists** take `limit` and `cursor` and answer `{"items": [...], "next_cursor": "..."}`. A page \
may be short or empty while `next_cursor` is not null: go on until it is.

**Versions**: a client and a mailing carry an integer `version`, also as `ETag`. With `If-Match` a \
change is made to that version or not at all (412); without it the last write wins.

**Repeating a POST**: with an `Idempotency-Key` the same key and body within 24 hours repeat the \
first answer and create nothing; another body is a 422.

**Actions**, such as pausing a mailing, need no body: nothing at all or `{}`. Any other is a 422. \
Only sending messages again wants to know which, and a test to whom.

**Errors** are problem documents (RFC 9457); with 422 `errors` names every mistake that was \
found. What API Gateway refuses by itself keeps its own body, `{"message": "..."}` as \
`application/json`: 401 for a token that is missing, not valid or not for this API, 403 for one \
that lacks the scope, 404 for a path or method without a route, 413 over 10 MB, \
429 when calls come too fast, 500 and 503 when no answer came in time."""

TAGS: Mapping[str, str] = {
    "Clients": "The people whom a mailing may reach, one by one or by the file.",
    "Mailings": "What is to be sent, to whom and when.",
    "Messages": "One text to one client, and what became of it.",
    "Statistics": "Messages counted by status, as it happens.",
    "Service": "The API itself.",
}

HEADERS: Mapping[str, dict[str, Any]] = {
    "ETag": {
        "description": "the object's `version`, quoted: what `If-Match` takes",
        "schema": {"type": "string", "examples": ['"3"']},
    },
    "Location": {
        "description": "the path of the new object",
        "schema": {"type": "string", "examples": ["/api/v1/mailings/k3mzr5w7qyh2ab4c"]},
    },
    "WWW-Authenticate": {
        "description": "that a bearer token is asked for",
        "schema": {"type": "string", "examples": ["Bearer"]},
    },
    "Retry-After": {
        "description": "seconds after which to try again",
        "schema": {"type": "integer", "examples": [1]},
    },
    **CSV_HEADERS,
}

PARAMETERS: Mapping[str, dict[str, Any]] = {
    "cursor": {"pattern": "^[A-Za-z0-9_-]+$"},
    "If-Match": {"pattern": r"^(\*|[0-9]{1,9}|(W/)?\"[^\"]*\")$"},
}
"""What else their schemas say: these are 400 when they look otherwise, so no model checks them."""

TEXTS_OF_JSON: Mapping[str, dict[str, Any]] = {"getOpenapi": {"type": "object"}}
"""Schemas of answers that are JSON already when their operation, by its id, hands them over."""

PROBLEMS: Mapping[int, str] = {
    400: "Malformed: broken JSON, a cursor of another list, an If-Match that is no version",
    401: "The token is missing, not valid or not for this API",
    404: "Not found: never there, or deleted",
    409: "The present state forbids it, the phone is another client's, or others were faster",
    412: "The object is not at the version that If-Match names",
    413: "The body is too large",
    414: "Path and query are too long",
    415: "The body is not application/json in UTF-8",
    422: "A value is wrong; `errors` names each",
    431: "The headers are too large",
    500: "Our mistake; it has been logged",
    503: "The storage did not answer; the request may or may not have been carried out",
}
"""Problems of ours by status."""

ALWAYS_POSSIBLE = (414, 431, 500, 503)

GATEWAY_STATUSES = frozenset({401, 404, 413, 414, 431, 500, 503})
"""Statuses that API Gateway answers too, with a body of its own."""

GATEWAY_ALONE: Mapping[int, str] = {
    403: "The token lacks the scope (API Gateway's own answer)",
    429: "Calls come too fast (API Gateway's own answer)",
}
"""Statuses that only API Gateway answers."""

SIGN_IN = "signIn"
TOKEN = "token"  # noqa: S105 - a name
SECURITY_SCHEMES: Mapping[str, dict[str, Any]] = {
    SIGN_IN: {
        "type": "oauth2",
        "description": "For people: sign in, by authorization code with PKCE.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/auth/authorize",
                "tokenUrl": "/auth/token",
                "refreshUrl": "/auth/token",
                "scopes": dict(SCOPES),
            }
        },
    },
    TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "For programs: an access token by client credentials, from the `token_url`"
        " of `/auth/config`.",
    },
}
"""Two ways to a token, either of which will do."""

_CLIENT = {
    "id": "q7dn2mzk5ra3wv6x",
    "phone": "79000000001",
    "operator_code": "900",
    "tags": ["regular", "vip"],
    "timezone": "Europe/Moscow",
    "created_at": "2026-11-21T10:00:00.000Z",
    "updated_at": "2026-11-21T10:00:00.000Z",
    "version": 1,
}
_MAILING = {
    "id": "k3mzr5w7qyh2ab4c",
    "text": "Tomorrow from ten: coffee is on us.",
    "starts_at": "2030-11-21T09:00:00.000Z",
    "ends_at": "2030-11-21T18:00:00.000Z",
    "filter": {"operator_codes": ["900"], "tags": ["vip"]},
    "time_window": {"start": "09:00", "end": "21:00"},
    "status": "scheduled",
    "created_at": "2030-11-20T10:00:00.000Z",
    "updated_at": "2030-11-20T10:00:00.000Z",
    "created_by": "7l1q8ub3vd9k2m4n",
    "updated_by": "7l1q8ub3vd9k2m4n",
    "version": 1,
}
_MESSAGE = {
    "id": "k3mzr5w7qyh2ab4c-q7dn2mzk5ra3wv6x",
    "mailing_id": "k3mzr5w7qyh2ab4c",
    "client_id": "q7dn2mzk5ra3wv6x",
    "status": "sent",
    "created_at": "2030-11-21T09:00:01.000Z",
    "sent_at": "2030-11-21T09:00:02.000Z",
    "attempts": 1,
    "last_error": None,
    "reason": None,
    "not_before": "2030-11-21T09:00:01.000Z",
    "gateway_id": "5233100606242806051",
}
_COUNTS = {
    "total": 1000,
    "pending": 10,
    "sent": 980,
    "failed": 4,
    "unknown": 1,
    "expired": 3,
    "cancelled": 2,
}
_MINUTE = {
    "minute": "2030-11-21T09:00:00.000Z",
    "sent": 980,
    "failed": 4,
    "unknown": 1,
    "expired": 3,
    "cancelled": 2,
    "retried": 17,
}
_PROBLEM = {
    "type": "urn:problem-type:carillon:invalid-value",
    "title": "Invalid value",
    "status": 422,
    "detail": "phone: must be 7 and ten digits, for example 79000000001",
    "instance": "/api/v1/clients",
    "errors": [{"field": "phone", "message": "must be 7 and ten digits, for example 79000000001"}],
}


def _page(item: dict[str, Any]) -> dict[str, Any]:
    return {"items": [item], "next_cursor": None}


EXAMPLES: Mapping[str, Any] = {
    "Client": _CLIENT,
    "ClientDraft": {name: _CLIENT[name] for name in ("phone", "tags", "timezone")},
    "ClientPatch": {"tags": ["regular"]},
    "ClientPage": _page(_CLIENT),
    "Mailing": _MAILING,
    "MailingDraft": {
        name: _MAILING[name] for name in ("text", "starts_at", "ends_at", "filter", "time_window")
    },
    "MailingPatch": {"ends_at": "2030-11-21T20:00:00+03:00", "time_window": None},
    "MailingPage": _page(_MAILING),
    "Import": import_views.EXAMPLE,
    "Resend": {"statuses": ["failed", "unknown"]},
    "Recount": {
        "mailing_id": _MAILING["id"],
        "number": 1,
        "status": "finished",
        "requested_at": "2030-11-21T18:00:01.000Z",
        "finished_at": "2030-11-21T18:00:06.000Z",
        "messages": 1000,
        "difference": dict.fromkeys([*_COUNTS, "attempts"], 0),
    },
    "Message": _MESSAGE,
    "MessagePage": _page(_MESSAGE),
    "Counts": _COUNTS,
    "Minute": _MINUTE,
    "MailingStatistics": {
        "mailing_id": _MAILING["id"],
        "status": "running",
        "counts": _COUNTS,
        "attempts": 1017,
        "timeline": [_MINUTE],
        "errors": [{"error": "HTTP 500", "messages": 3}],
    },
    "StatisticsOverview": {
        "counts": _COUNTS,
        "items": [{"mailing_id": _MAILING["id"], "status": "running", "counts": _COUNTS}],
        "next_cursor": None,
    },
    "Health": {"status": "ok"},
    "SignIn": {
        "issuer": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a1B2c3D4e",
        "authorize_url": "https://carillon.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
        "token_url": "https://carillon.auth.eu-central-1.amazoncognito.com/oauth2/token",
        "logout_url": "https://carillon.auth.eu-central-1.amazoncognito.com/logout",
        "client_id": "3n4b5urk1ft4fl3mg5e62d9ado",
        "scopes": list(SCOPES),
    },
    "Problem": _PROBLEM,
    **PAGE_EXAMPLES,
    **gateway_words.EXAMPLES,
}
"""One example of each schema, by its name."""
