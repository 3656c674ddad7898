"""Which deployment is meant, whose token opens it, and what is kept of it."""

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cli import browser_sign_in, deployment, local_stack
from cli.aws import LocalAws, NoAws, RemoteAws
from cli.browser_sign_in import CALLBACK, Request
from cli.deployment import AwsOptions
from cli.errors import CliError, Misused, NotSignedIn, Unreachable
from cli.sign_ins import SignIn, SignIns
from cli.tokens import GivenToken, PersonsToken, ProgramsToken
from local.places import LocalPaths, Ports
from tests.unit.cli.stage import NOW, URL, Stage, page

Staged = Callable[..., Stage]

SETTINGS = {
    "authorize_url": "https://idp.example.com/authorize?audience=x",
    "token_url": "https://idp.example.com/token",
    "client_id": "console",
    "scopes": ["carillon/read", "carillon/write"],
}


def signed_in(home: Path, **some: Any) -> SignIns:
    kept = SignIn(
        url=URL,
        token_url="https://idp.example.com/token",
        client_id="console",
        access_token="old",
        expires_at=NOW.timestamp() + 600,
        refresh_token="refresh",
        region="eu-central-1",
    )
    sign_ins = SignIns(home / "config")
    sign_ins.keep(replace(kept, **some), as_current=True)
    return sign_ins


def find(stage: Stage, *, url: str | None = None, local: bool = False, **environment: Any) -> Any:
    around = replace(stage.around(), environment=environment)
    return deployment.find(around, url=url, local=local, options=AwsOptions())


def start_local(home: Path) -> None:
    """The files as the local tools write them."""
    paths = LocalPaths(home / "local")
    paths.records.mkdir(parents=True)
    Ports(front_door=8120, emulator=8121, gateway=8122).save(paths.records / "ports.json")
    paths.deployment.write_text(json.dumps({"outputs": {"ApiUrl": "x"}}))


def test_the_environment_comes_before_a_sign_in_and_that_before_the_local_stack(
    staged: Staged, tmp_path: Path
) -> None:
    stage = staged()
    with pytest.raises(Unreachable, match="does not run"):
        find(stage)
    start_local(tmp_path)
    found = find(stage)
    assert (found.url, found.is_local) == ("http://127.0.0.1:8120", True)
    assert isinstance(found.aws, LocalAws)
    signed_in(tmp_path)
    found = find(stage)
    assert (found.url, type(found.tokens), type(found.aws)) == (URL, PersonsToken, RemoteAws)
    given = find(stage, CARILLON_URL="https://other.example.com/", CARILLON_TOKEN="t")
    assert (given.url, given.tokens) == ("https://other.example.com", GivenToken("t"))
    program = find(stage, CARILLON_URL=URL, CARILLON_CLIENT_ID="p", CARILLON_CLIENT_SECRET="s")
    assert isinstance(program.tokens, ProgramsToken)
    assert find(stage, local=True, CARILLON_URL=URL).is_local


def test_a_token_goes_nowhere_in_the_clear(staged: Staged) -> None:
    for url in ("http://mailings.example.com", "mailings.example.com", "ftp://127.0.0.1"):
        with pytest.raises(Misused):
            find(staged(), url=url)
    found = find(staged(), url="http://localhost:8000", CARILLON_TOKEN="t")
    assert isinstance(found.aws, NoAws)
    with pytest.raises(Misused):
        _ = found.aws.outputs


@pytest.mark.parametrize("endpoint", ["https://sqs.eu-central-1.amazonaws.com", "http://10.0.0.1"])
def test_the_local_keys_are_used_on_this_machine_alone(endpoint: str) -> None:
    with pytest.raises(Misused):
        LocalAws(endpoint, {})


def test_a_sign_in_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    sign_ins = signed_in(tmp_path)
    assert stat.S_IMODE(sign_ins.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(sign_ins.path.parent.stat().st_mode) == 0o700
    sign_ins.forget(URL)
    assert sign_ins.current() is None
    assert "refresh" not in sign_ins.path.read_text()


def test_a_token_that_ends_soon_is_renewed_without_a_word(staged: Staged, tmp_path: Path) -> None:
    sign_ins = signed_in(tmp_path, expires_at=NOW.timestamp() + 5)
    stage = staged({"POST /token": (200, {"access_token": "new", "expires_in": 3600})})
    tokens = find(stage).tokens
    assert [tokens(), tokens()] == ["new", "new"]
    assert len(stage.web.asked) == 1
    assert stage.web.asked[0].body["refresh_token"] == "refresh"
    kept = sign_ins.current()
    assert kept is not None
    assert (kept.refresh_token, kept.expires_at) == ("refresh", NOW.timestamp() + 3600)


def test_a_token_that_is_refused_is_renewed_once(staged: Staged, tmp_path: Path) -> None:
    signed_in(tmp_path)
    answers: list[Any] = [(401, {"message": "Unauthorized"}), page([])]
    stage = staged(
        {
            "GET /api/v1/clients": answers,
            "POST /token": (200, {"access_token": "new", "expires_in": 3600}),
        },
        environment={"CARILLON_TOKEN": ""},
    )
    assert stage.run("clients", "list") == 0
    sent = [a.headers["Authorization"] for a in stage.web.asked if a.method == "GET"]
    assert sent == ["Bearer old", "Bearer new"]


def test_a_sign_in_that_has_ended_says_what_to_do(
    staged: Staged, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(tmp_path, expires_at=0)
    stage = staged(
        {"POST /token": (400, {"error": "invalid_grant"})}, environment={"CARILLON_TOKEN": ""}
    )
    assert stage.run("clients", "list") == 3
    assert f"carillon login --url {URL}" in capsys.readouterr().err


def test_a_program_asks_for_one_token_and_keeps_it(staged: Staged) -> None:
    stage = staged(
        {
            "GET /auth/config": (200, SETTINGS),
            "POST /token": (200, {"access_token": "program's", "expires_in": 7200}),
        }
    )
    given: dict[str, Any] = {
        "CARILLON_URL": URL,
        "CARILLON_CLIENT_ID": "p",
        "CARILLON_CLIENT_SECRET": "s",
    }
    assert [find(stage, **given).tokens() for _ in range(3)] == ["program's"] * 3
    asked = [a for a in stage.web.asked if a.path == "/token"]
    assert len(asked) == 1
    assert asked[0].headers["Authorization"].startswith("Basic ")


def test_a_browser_brings_the_code_back_and_nobody_else() -> None:
    request = Request.new()
    query = parse_qs(urlsplit(request.address(SETTINGS)).query)
    assert query["redirect_uri"] == [CALLBACK]
    assert query["scope"] == ["openid carillon/read carillon/write"]
    assert query["audience"] == ["x"]
    assert request.verifier not in request.address(SETTINGS)

    def back(path: str = "/callback", **answer: str) -> str | None:
        return request.code_in(f"{path}?{urlencode(answer)}")

    assert back(code="c", state=request.state) == "c"
    assert back(code="c", state="guessed") is None
    assert back(code="c") is None
    assert back("/favicon.ico", state=request.state) is None
    with pytest.raises(NotSignedIn, match="access_denied"):
        back(error="access_denied", state=request.state)
    assert back(error="access_denied", state="guessed") is None


def test_a_deployment_whose_people_do_not_sign_in_says_so(staged: Staged) -> None:
    with pytest.raises(NotSignedIn):
        browser_sign_in.run(staged().around(), {**SETTINGS, "client_id": None})


def test_a_stack_with_another_provider_says_where_tokens_come_from(
    staged: Staged, tmp_path: Path
) -> None:
    start_local(tmp_path)
    stack = local_stack.find(tmp_path / "local")
    with pytest.raises(CliError, match="another provider"):
        stack.tokens(web=staged().web.session, now=lambda: NOW)()
