"""Tokens as an issuer makes them, and as an attacker would like them to be."""

import base64
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Claims = dict[str, Any]


def encoded(content: object) -> str:
    """A part of a token: JSON, or bytes as they are, without padding."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(token: str) -> Claims:
    """What a token claims."""
    payload = token.split(".")[1]
    claims: Claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def signed_with_secret(claims: Claims, secret: bytes, *, kid: str) -> str:
    """By HS256, whose secret an attacker hopes to be the public key."""
    signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{encoded(claims)}"
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


@dataclass(frozen=True)
class Signer:
    """A key, and the name under which its issuer publishes it."""

    key: rsa.RSAPrivateKey
    kid: str

    @classmethod
    def new(cls, kid: str) -> "Signer":
        """With a key that nobody else has."""
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048), kid)

    @classmethod
    def of_file(cls, path: Path, kid: str) -> "Signer":
        """With the key in a PEM file."""
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return cls(key, kid)

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as issuers publish it."""
        numbers = self.key.public_key().public_numbers()
        modulus = encoded(numbers.n.to_bytes(256, "big"))
        return {
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "kid": self.kid,
            "n": modulus,
            "e": "AQAB",
        }

    def public(self, encoding: serialization.Encoding) -> bytes:
        """The public key as attackers use it for a secret."""
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(encoding, kind)

    def sign(self, claims: object, **header: object) -> str:
        """By RS256, whatever the header says."""
        head = {"alg": "RS256", "typ": "JWT", "kid": self.kid} | header
        signed = f"{encoded(head)}.{encoded(claims)}"
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{encoded(signature)}"
