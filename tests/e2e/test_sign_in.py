"""A person signs in, by authorization code with PKCE; and what somebody else makes of the code."""

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from local.operator_account import token_of_running
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until
from tests.e2e.signing_in import sign_in_at
from tests.tokens import decoded

LIMIT_S = 30
CALLBACK = "/docs/oauth2-redirect.html"


class Browser:
    """Somebody who signs in on the page of the managed login, without a browser."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self.config = requests.get(f"{stack.browser_url}/auth/config", timeout=LIMIT_S).json()
        self.verifier = secrets.token_urlsafe(48)
        self.redirect_uri = f"{stack.browser_url}{CALLBACK}"

    def open_login(self, **changes: str) -> requests.Response:
        """The page on which credentials are asked for, or why there is none."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.config["client_id"],
            "redirect_uri": self.redirect_uri,
            "scope": "openid carillon/read carillon/write",
            "state": "my state",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **changes,
        }
        url = f"{self._stack.browser_url}/auth/authorize"
        return requests.get(url, params=query, timeout=LIMIT_S)

    def sign_in(self) -> str:
        """The code with which one is sent back."""
        page = self.open_login()
        place = urlsplit(sign_in_at(self._stack, page))
        assert f"{place.scheme}://{place.netloc}{place.path}" == self.redirect_uri
        answer = parse_qs(place.query)
        assert answer["state"] == ["my state"]
        return answer["code"][0]

    def exchange(self, **form: str) -> requests.Response:
        """Ask for tokens by way of our own origin."""
        url = f"{self._stack.browser_url}/auth/token"
        return requests.post(url, data=form, timeout=LIMIT_S)

    def exchange_code(self, code: str, /, **changes: str) -> requests.Response:
        """The code for tokens, as whoever began may do."""
        return self.exchange(
            **{
                "grant_type": "authorization_code",
                "client_id": self.config["client_id"],
                "code": code,
                "code_verifier": self.verifier,
                "redirect_uri": self.redirect_uri,
                **changes,
            }
        )


@pytest.fixture
def browser(stack: LocalStack) -> Browser:
    return Browser(stack)


def _status(stack: LocalStack, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{stack.api_url}/api/v1/clients"
    return requests.get(url, headers=headers, timeout=LIMIT_S).status_code


def test_a_code_is_good_once_and_gives_three_tokens_of_which_one_opens_the_api(
    stack: LocalStack, browser: Browser
) -> None:
    code = browser.sign_in()
    answer = browser.exchange_code(code)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    tokens = answer.json()
    assert _status(stack, tokens["access_token"]) == 200
    assert _status(stack, tokens["id_token"]) == 403
    assert _status(stack, tokens["refresh_token"]) == 401
    assert 0 < tokens["expires_in"] <= 3600
    again = browser.exchange_code(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_gives_a_new_access_token(stack: LocalStack, browser: Browser) -> None:
    tokens = browser.exchange_code(browser.sign_in()).json()
    fresh = browser.exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert _status(stack, fresh.json()["access_token"]) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 64},
        {"redirect_uri": "https://evil.test/docs/oauth2-redirect.html"},
        {"code": "guessed"},
    ],
)
def test_a_stolen_code_is_worth_nothing(browser: Browser, changes: dict[str, str]) -> None:
    answer = browser.exchange_code(browser.sign_in(), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": "http://localhost.evil.test/docs/oauth2-redirect.html"},
        {"client_id": "another"},
        {"response_type": "token"},
    ],
)
def test_nobody_is_sent_elsewhere(browser: Browser, changes: dict[str, str]) -> None:
    answer = browser.open_login(**changes)
    assert answer.status_code == 400
    assert "password" not in answer.text


def test_scopes_that_are_not_ours_are_not_given(browser: Browser, stack: LocalStack) -> None:
    answer = browser.open_login(scope="carillon/read aws.cognito.signin.user.admin")
    assert "error=invalid_request" in answer.url


def test_a_person_is_on_record_in_the_mailing_and_in_the_log(
    stack: LocalStack, browser: Browser
) -> None:
    tokens = browser.exchange_code(browser.sign_in()).json()
    subject = decoded(tokens["access_token"])["sub"]
    person = Operator(stack, "record", token=lambda: tokens["access_token"])
    mailing = person.mail(starts_at=in_s(3600), ends_at=in_s(7200))
    program = Operator(stack, "record")
    assert program.call("POST", f"/mailings/{mailing['id']}/cancel").ok
    seen = program.mailing(mailing)
    assert (seen["created_by"], seen["updated_by"]) == (subject, stack.outputs["MachineClientId"])

    logged = until(lambda: _logged(stack, mailing["id"]), lambda lines: len(lines) == 2, limit_s=15)
    assert logged == [
        ("mailing created", subject),
        ("mailing controlled", stack.outputs["MachineClientId"]),
    ]


def test_a_token_for_programs_is_the_last_line_and_good_for_an_hour(stack: LocalStack) -> None:
    token = token_of_running(stack.paths)
    claims = decoded(token)
    assert _status(stack, token) == 200
    assert claims["exp"] - claims["iat"] > 3600
    assert claims["scope"].split() == ["carillon/read", "carillon/write"]


def _logged(stack: LocalStack, mailing_id: str) -> list[tuple[str, str]]:
    """What the API's log says of a mailing: what was done, and who did it."""
    logs = stack.client("logs")
    events = logs.filter_log_events(logGroupName=stack.outputs["ApiLogs"])["events"]
    lines = [json.loads(each["message"]) for each in events if mailing_id in each["message"]]
    done = [line for line in lines if line["message"] != "answered"]
    return [(line["message"], line["caller"]) for line in done]
