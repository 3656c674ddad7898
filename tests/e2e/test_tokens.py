"""Attacks with tokens on the running stack, with its own user pool and with a provider elsewhere.

Each is answered as API Gateway answers it, and reaches nothing. Beside them the ways that are meant
to work, so that no attack fails for another reason than its own.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.stack import LocalStack
from tests.e2e.issuer import Issuer, serving_issuer
from tests.e2e.own_stack import own_stack
from tests.e2e.token_attacks import ATTACKS, BOTH, FORBIDDEN, UNAUTHORIZED, Attack, Provider
from tests.tokens import Signer
from tests.unit.api.calling import event

AUDIENCE = "https://carillon.test/api"
LIMIT_S = 30
PATHS = {"GET": "/clients", "POST": "/clients", "PATCH": "/clients/c1", "DELETE": "/mailings/m1"}
STRANGERS = Signer.new("stranger")


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """The provider elsewhere."""
    with serving_issuer() as serving:
        yield serving


@pytest.fixture(scope="module")
def elsewhere(
    issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LocalStack, Provider]]:
    """A stack that takes that provider's tokens."""
    folder = tmp_path_factory.mktemp("elsewhere")
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "auth0|5f7c8ec7c33c6c004bbafe82"}
    with own_stack(folder, oidc_issuer=issuer.url, oidc_audience=AUDIENCE) as stack:
        yield stack, Provider(issuer.signer, claims, STRANGERS)


@pytest.fixture(scope="module")
def at_home(stack: LocalStack) -> tuple[LocalStack, Provider]:
    """The stack with a user pool of its own, whose keys the emulator keeps in its folder."""
    client_id = stack.outputs["MachineClientId"]
    claims = {
        "iss": issuer_of(stack),
        "client_id": client_id,
        "sub": client_id,
        "token_use": "access",
    }
    return stack, Provider(signer_of(stack, "access"), claims, STRANGERS)


def issuer_of(stack: LocalStack) -> str:
    """As it stands in a user pool's tokens."""
    return f"https://cognito-idp.us-east-1.amazonaws.com/{stack.outputs['UserPoolId']}"


def signer_of(stack: LocalStack, use: str) -> Signer:
    """The user pool's own, for tokens of this use."""
    pool_id = stack.outputs["UserPoolId"]
    signer = Signer.of_file(stack.paths.emulator / "cognito-pool-keys" / f"{pool_id}-{use}.pem", "")
    published = requests.get(
        f"{stack.emulator_url}/{pool_id}/.well-known/jwks.json", timeout=LIMIT_S
    ).json()["keys"]
    [kid] = [each["kid"] for each in published if each["n"] == signer.jwk["n"]]
    return Signer(signer.key, kid)


@pytest.fixture(params=["at_home", pytest.param("elsewhere", marks=pytest.mark.long)])
def place(request: pytest.FixtureRequest) -> tuple[LocalStack, Provider]:
    """Each of the two."""
    both: tuple[LocalStack, Provider] = request.getfixturevalue(request.param)
    return both


def ask(
    stack: LocalStack, method: str, path: str, authorization: str | None, **options: Any
) -> requests.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    url = f"{stack.api_url}/api/v1{path}"
    return requests.request(method, url, headers=headers, timeout=LIMIT_S, **options)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_answered_as_by_aws(
    place: tuple[LocalStack, Provider], attack: Attack
) -> None:
    stack, provider = place
    said = {UNAUTHORIZED: "Unauthorized", FORBIDDEN: "Forbidden"}[attack.answer]
    for method in attack.methods:
        answer = ask(stack, method, PATHS[method], attack.forge(provider), json={})
        assert (answer.status_code, answer.json()) == (attack.answer, {"message": said}), method


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer ", ""])
def test_a_good_token_is_let_in(place: tuple[LocalStack, Provider], prefix: str) -> None:
    stack, provider = place
    token = f"{prefix}{provider.token()}"
    assert ask(stack, "GET", PATHS["GET"], token).status_code == 200
    assert ask(stack, "POST", PATHS["POST"], token, json={}).status_code == 422
    assert ask(stack, "PATCH", PATHS["PATCH"], token, json={}).status_code == 404
    assert ask(stack, "DELETE", PATHS["DELETE"], token).status_code == 404


def test_one_scope_of_several_will_do(place: tuple[LocalStack, Provider]) -> None:
    stack, provider = place
    for scopes in ("openid carillon/read", "carillon/read"):
        token = f"Bearer {provider.token(scope=None, scp=scopes.split())}"
        assert ask(stack, "GET", "/clients", token).status_code == 200


def test_a_token_is_taken_from_its_header_only(place: tuple[LocalStack, Provider]) -> None:
    stack, provider = place
    token = provider.token()
    for options in (
        {"params": {"access_token": token, "Authorization": token}},
        {"cookies": {"Authorization": token, "access_token": token}},
    ):
        assert ask(stack, "GET", "/clients", None, **options).status_code == UNAUTHORIZED


def test_who_did_it_is_the_token_s_subject(place: tuple[LocalStack, Provider]) -> None:
    stack, provider = place
    body = {
        "text": "Hello",
        "starts_at": "2035-01-01T00:00:00Z",
        "ends_at": "2036-01-01T00:00:00Z",
        "filter": {"tags": ["nobody"]},
    }
    made = ask(stack, "POST", "/mailings", f"Bearer {provider.token()}", json=body).json()
    assert (made["created_by"], made["updated_by"]) == (provider.claims["sub"],) * 2
    other = f"Bearer {provider.token(sub='somebody-else')}"
    path = f"/mailings/{made['id']}"
    changed = ask(stack, "PATCH", path, other, json={"text": "Bye"}).json()
    assert changed["created_by"] == provider.claims["sub"]
    assert changed["updated_by"] == "somebody-else"
    assert ask(stack, "DELETE", path, other).status_code == 204


@pytest.mark.long
def test_a_stranger_s_keys_are_not_fetched(
    elsewhere: tuple[LocalStack, Provider], issuer: Issuer
) -> None:
    assert set(issuer.asked) <= {"/.well-known/openid-configuration", "/keys"}


def test_an_id_token_is_no_access_token(at_home: tuple[LocalStack, Provider]) -> None:
    """It is signed by the same issuer for the same client; scopes are what it does not have."""
    stack, provider = at_home
    claims = provider.good(scope=None, client_id=None, token_use="id")
    claims |= {"aud": stack.outputs["ConsoleClientId"], "email": "operator@carillon.local"}
    for signer in (provider.signer, signer_of(stack, "id")):
        answer = ask(stack, "GET", "/clients", f"Bearer {signer.sign(claims)}")
        assert answer.status_code == FORBIDDEN


def test_a_refresh_token_is_no_access_token(at_home: tuple[LocalStack, Provider]) -> None:
    stack, provider = at_home
    token = provider.token(token_use="refresh")
    assert ask(stack, "GET", "/clients", f"Bearer {token}").status_code == UNAUTHORIZED


def test_the_machine_client_s_own_tokens_are_good(stack: LocalStack) -> None:
    assert ask(stack, "GET", "/clients", f"Bearer {stack.token()}").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json", "/auth/config"])
def test_pages_are_open(place: tuple[LocalStack, Provider], path: str) -> None:
    stack, _ = place
    assert requests.get(f"{stack.api_url}{path}", timeout=LIMIT_S).status_code == 200


def test_the_function_itself_is_closed(place: tuple[LocalStack, Provider]) -> None:
    """Even if a route lost its authorizer, and whatever the request brings along."""
    stack, provider = place
    asked = event(
        "GET",
        "/api/v1/clients",
        headers={"authorization": f"Bearer {provider.token()}"},
        caller=None,
    )
    answer = stack.client("lambda").invoke(
        FunctionName=stack.outputs["ApiFunction"], Payload=json.dumps(asked).encode()
    )
    assert json.loads(answer["Payload"].read())["statusCode"] == UNAUTHORIZED


@pytest.mark.long
def test_with_a_provider_elsewhere_there_is_no_user_pool(
    elsewhere: tuple[LocalStack, Provider], issuer: Issuer
) -> None:
    stack, _ = elsewhere
    pools = stack.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    config = requests.get(f"{stack.api_url}/auth/config", timeout=LIMIT_S).json()
    assert pools == []
    assert (config["issuer"], config["client_id"]) == (issuer.url, None)
    assert config["scopes"] == BOTH.split()
