"""The public API, spoken as docs/integration.md describes it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

import requests
from requests.auth import AuthBase

from cli.deployment import Deployment
from cli.errors import CliError, Misused, NotFound, NotSignedIn, StateForbids, Unreachable

BASE: Final = "/api/v1"
LIMIT_S: Final = 40
"""The API answers within 30 s, or API Gateway does for it."""

PAGE: Final = 200
"""The most that a page may hold."""

TRIES: Final = 4
PAUSES_S: Final = (0.5, 1.0, 2.0)
RETRY_AFTER_MAX_S: Final = 30.0

_BY_STATUS: Final[dict[int, type[CliError]]] = {
    401: NotSignedIn,
    403: NotSignedIn,
    404: NotFound,
    409: StateForbids,
    412: StateForbids,
    400: Misused,
    413: Misused,
    422: Misused,
    429: Unreachable,
    503: Unreachable,
}


class _Bearer(AuthBase):
    """As `auth` and not as a header: a header would give way to the user's `.netrc`.

    https://requests.readthedocs.io/en/latest/user/authentication/#netrc-authentication
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Api:
    """Calls of one deployment. What may be repeated is repeated while it does not answer."""

    def __init__(self, deployment: Deployment, *, sleep: Callable[[float], None]) -> None:
        self.url = deployment.url
        self._tokens = deployment.tokens
        self._web = deployment.web()
        self._sleep = sleep

    def get(self, path: str, **query: Any) -> Any:
        """The answer's body."""
        return self.call("GET", path, query=query).json()

    def create(self, path: str, body: Any = None) -> Any:
        """A POST that makes something once, however often it has to be repeated."""
        return self.call("POST", path, body=body, key=str(uuid.uuid4())).json()

    def act(self, path: str, body: Any = None) -> requests.Response:
        """A POST that is not repeated when its answer is lost: it may have taken effect."""
        return self.call("POST", path, body=body)

    def items(self, path: str, *, most: int | None = None, **query: Any) -> Iterator[Any]:
        """The entries of a list, page by page; at most so many."""
        cursor, left = None, most
        while left is None or left > 0:
            limit = PAGE if left is None else min(PAGE, left)
            page = self.get(path, limit=limit, cursor=cursor, **query)
            yield from page["items"][:left]
            if left is not None:
                left -= len(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def csv(self, path: str, **query: Any) -> Iterator[bytes]:
        """A download's pages of CSV, each as it comes."""
        answer = self.call("GET", path, query=query)
        yield answer.content
        while following := answer.links.get("next"):
            answer = self.call("GET", following["url"].removeprefix(self.url))
            yield answer.content

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        key: str | None = None,
        version: int | None = None,
    ) -> requests.Response:
        """One request, with a new token if the first is refused; `CliError` if it fails."""
        headers = {"Idempotency-Key": key} if key else {}
        if version is not None:
            headers["If-Match"] = str(version)
        options = {
            "params": {name: value for name, value in (query or {}).items() if value is not None},
            "json": body,
            "headers": headers,
        }
        may_repeat = method in ("GET", "DELETE", "PATCH") or key is not None
        answer = self._ask(method, path, options, may_repeat=may_repeat)
        if answer.status_code == 401:
            answer = self._ask(method, path, options, may_repeat=may_repeat, anew=True)
        if not answer.ok:
            raise problem(answer)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        options: dict[str, Any],
        *,
        may_repeat: bool,
        anew: bool = False,
    ) -> requests.Response:
        url = self.url + (path if path.startswith(BASE) else BASE + path)
        auth = _Bearer(self._tokens(anew=anew))
        for pause_s in (*PAUSES_S, None):
            try:
                answer = self._web.request(method, url, auth=auth, timeout=LIMIT_S, **options)
            except requests.RequestException as error:
                if pause_s is None or not may_repeat:
                    raise _no_answer(self.url, error, may_repeat=may_repeat) from error
                self._sleep(pause_s)
                continue
            again = answer.status_code == 429 or (answer.status_code == 503 and may_repeat)
            if not again or pause_s is None:
                return answer
            self._sleep(max(pause_s, _retry_after_s(answer)))
        raise AssertionError("the last turn returns or raises")


def _no_answer(url: str, error: Exception, *, may_repeat: bool) -> Unreachable:
    lost = "" if may_repeat else " Whether it was carried out is not known: look before you repeat."
    kind = "in time" if isinstance(error, requests.Timeout) else "at all"
    return Unreachable(f"{url} does not answer {kind}.{lost}", "Does it run? carillon doctor")


def _retry_after_s(answer: requests.Response) -> float:
    try:
        return min(float(answer.headers.get("Retry-After", 0)), RETRY_AFTER_MAX_S)
    except ValueError:
        return 0.0


def problem(answer: requests.Response) -> CliError:
    """What an answer that is no success means, in the API's own words (RFC 9457) if it has any."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    status = answer.status_code
    words = body.get("detail") or body.get("title") or body.get("message") or answer.reason
    if body.get("errors"):
        words = "; ".join(f"{each['field']}: {each['message']}" for each in body["errors"])
    kind = _BY_STATUS.get(status, CliError)
    return kind(f"{words} (HTTP {status})", _hint(status))


def _hint(status: int) -> str:
    if status == 401:
        return "Sign in: carillon login --url …"
    if status == 403:
        return "Your token lacks the scope for this; an administrator gives it."
    return ""
