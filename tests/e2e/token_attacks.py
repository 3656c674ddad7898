"""What attackers send instead of a token, and what API Gateway answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding

from tests.tokens import Claims, Signer, encoded, signed_with_secret

READ, WRITE = "carillon/read", "carillon/write"
BOTH = f"{READ} {WRITE}"
HOUR_S = 3600

UNAUTHORIZED, FORBIDDEN = 401, 403


@dataclass(frozen=True)
class Provider:
    """An issuer whose keys the tests have, and what its good tokens claim."""

    signer: Signer
    claims: Claims
    strangers: Signer

    def good(self, **changes: object) -> Claims:
        """A good token's claims, some of them otherwise; None leaves one out."""
        now = int(time.time())
        claims = {"iat": now - 5, "exp": now + HOUR_S, "scope": BOTH, **self.claims, **changes}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, **changes: object) -> str:
        """A token that the issuer could have made."""
        return self.signer.sign(self.good(**changes))


@dataclass(frozen=True)
class Attack:
    """`forge` makes the `Authorization` header, None for no header at all."""

    name: str
    forge: Callable[[Provider], str | None]
    answer: int = UNAUTHORIZED
    methods: tuple[str, ...] = ("GET", "POST", "PATCH", "DELETE")


def _now() -> int:
    return int(time.time())


def _claiming(name: str, answer: int = UNAUTHORIZED, /, **changes: object) -> Attack:
    return Attack(name, lambda provider: f"Bearer {provider.token(**changes)}", answer)


def _tampered(provider: Provider) -> str:
    head, _, signature = provider.token(scope=READ).split(".")
    return f"Bearer {head}.{encoded(provider.good())}.{signature}"


def _foreign_signature(provider: Provider) -> str:
    head, payload, _ = provider.token().split(".")
    return f"Bearer {head}.{payload}.{provider.token(scope=READ).split('.')[2]}"


def _without_signature(provider: Provider) -> str:
    head, payload, _ = provider.token().split(".")
    return f"Bearer {head}.{payload}."


def _by_none(algorithm: str, *, signed: bool) -> Attack:
    def forge(provider: Provider) -> str:
        head = encoded({"alg": algorithm, "typ": "JWT", "kid": provider.signer.kid})
        signature = provider.token().split(".")[2] if signed else ""
        return f"Bearer {head}.{encoded(provider.good())}.{signature}"

    return Attack(f"alg {algorithm}{', with a signature' if signed else ''}", forge)


def _by_public_key(name: str, secret: Callable[[Signer], bytes]) -> Attack:
    def forge(provider: Provider) -> str:
        signer = provider.signer
        return f"Bearer {signed_with_secret(provider.good(), secret(signer), kid=signer.kid)}"

    return Attack(f"HS256 with the public key as {name}", forge)


def _by_stranger(name: str, **header: str) -> Attack:
    """With the stranger's key, and a header that is meant to lead to it."""

    def forge(provider: Provider) -> str:
        told = {"issuer": provider.claims["iss"], "kid": provider.signer.kid}
        more = {key: value.format(**told) for key, value in header.items()}
        return f"Bearer {provider.strangers.sign(provider.good(), **more)}"

    return Attack(name, forge)


def _with_own_key(provider: Provider) -> str:
    stranger = provider.strangers
    return f"Bearer {stranger.sign(provider.good(), jwk=stranger.jwk)}"


def _malformed() -> Iterator[Attack]:
    for name, header in {
        "an empty header": "",
        "Bearer alone": "Bearer",
        "Basic": "Basic b3BlcmF0b3I6cGFzc3dvcmQ=",
        "one word": "Bearer garbage",
        "two parts": "Bearer a.b",
        "three parts of nothing": "Bearer ..",
        "three parts of garbage": "Bearer a.b.c",
        "a list for a header": f"Bearer {encoded([])}.{encoded({})}.{encoded(b'x')}",
        "null for a header": f"Bearer {encoded(None)}.{encoded(None)}.{encoded(b'x')}",
        "six thousand letters": f"Bearer {'x' * 6000}",
    }.items():
        yield Attack(name, lambda _, header=header: header)  # type: ignore[misc]


ATTACKS = (
    Attack("no token", lambda _: None),
    *_malformed(),
    Attack("a number for claims", lambda provider: f"Bearer {provider.signer.sign(7)}"),
    # Who issued it, for whom, and when.
    _claiming("another issuer", iss="https://evil.test/"),
    _claiming("no issuer", iss=None),
    _claiming("another audience", aud="another-api", client_id=None),
    _claiming("another client", aud=None, client_id="another-client"),
    _claiming("another audience, our client", aud="another-api"),
    _claiming("neither audience nor client", aud=None, client_id=None),
    _claiming("expired", exp=_now() - 1),
    _claiming("expired at the beginning of time", exp=0),
    _claiming("without an end", exp=None),
    _claiming("an end that is no time", exp="never"),
    _claiming("not yet valid", nbf=_now() + HOUR_S),
    _claiming("issued tomorrow", iat=_now() + 24 * HOUR_S),
    # Who signed it, and how.
    Attack("tampered claims", _tampered),
    Attack("another token's signature", _foreign_signature),
    Attack("no signature", _without_signature),
    _by_none("none", signed=False),
    _by_none("None", signed=False),
    _by_none("nOnE", signed=True),
    _by_none("HS256", signed=True),
    _by_public_key("PEM", lambda signer: signer.public(Encoding.PEM)),
    _by_public_key("DER", lambda signer: signer.public(Encoding.DER)),
    _by_public_key("JWK", lambda signer: signer.jwk["n"].encode()),
    _by_stranger("a stranger's key under the issuer's name", kid="{kid}"),
    _by_stranger("a stranger's key under its own name"),
    _by_stranger("a stranger's key, to be fetched", jku="{issuer}evil", x5u="{issuer}evil"),
    _by_stranger("a path for a key's name", kid="../../../../dev/null"),
    Attack("a stranger's key, brought along", _with_own_key),
    # What it permits.
    _claiming("no scope", FORBIDDEN, scope=None),
    _claiming("an empty scope", FORBIDDEN, scope=""),
    _claiming("scopes that look alike", FORBIDDEN, scope="carillon carillon/readwrite read write"),
    _claiming("scopes in capitals", FORBIDDEN, scope=BOTH.upper()),
    _claiming("all scopes", FORBIDDEN, scope="carillon/* *"),
    Attack("only writing", lambda p: f"Bearer {p.token(scope=WRITE)}", FORBIDDEN, ("GET",)),
    Attack(
        "only reading",
        lambda p: f"Bearer {p.token(scope=READ)}",
        FORBIDDEN,
        ("POST", "PATCH", "DELETE"),
    ),
)
