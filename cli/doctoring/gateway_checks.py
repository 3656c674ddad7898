"""The gateway: whether it can be reached, how its calls went, and whether our token is good."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cli.aws import output, speaking_to_aws
from cli.doctoring.findings import Finding, Patient, ok, problem, warning
from cli.jwt import claims_of

CONNECT_LIMIT_S = 5.0
ENDS_SOON = timedelta(days=7)
"""Time to ask the gateway's people for a new token."""

PUT_TOKEN = "aws secretsmanager put-secret-value --secret-id <GatewaySecretArn> --secret-string …"  # noqa: S105 - a command
_TURNED_AWAY = re.compile(r"HTTP (401|403)\b")


def connect(host: str, port: int, *, tls: bool) -> None:
    """TCP, and for https TLS with the certificate checked; no request is made."""
    with socket.create_connection((host, port), timeout=CONNECT_LIMIT_S) as plain:
        if tls:
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host):
                pass


def reachable(patient: Patient) -> Iterator[Finding]:
    """From this machine: the senders' own way may be another."""
    url = patient.sender["GATEWAY_URL"]
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if tls else 80)
    place = f"{host}:{port}"
    try:
        patient.connect(host, port, tls=tls)
    except OSError as error:
        why = f"{place} cannot be reached from here: {error}"
        if patient.gateway["status"] == "well":
            yield warning("gateway", f"{why}; the senders reach it", "Closed to you alone?")
        else:
            yield problem("gateway", why, "Ask the gateway's people; the setting is gateway_url.")
        return
    yield ok("gateway", f"{place} takes connections" + (" (TLS)" if tls else ""))


def calls(patient: Patient) -> Iterator[Finding]:
    """How the senders' calls went, by the API's own view of the last hour."""
    seen = patient.gateway
    status, error = seen["status"], seen["last_error"]
    last = f"; last error: {error}" if error else ""
    if status == "down":
        yield problem(
            "gateway calls",
            f"down: nearly every call must be tried again{last}",
            "Nothing is lost: messages wait and are tried again. Ask the gateway's people.",
        )
    elif status == "troubled":
        yield warning("gateway calls", f"troubled: many calls must be tried again{last}")
    elif status == "idle":
        yield ok("gateway calls", "none in the last five minutes")
    else:
        p95 = seen["minutes"][-1]["p95_ms"] if seen["minutes"] else 0
        yield ok("gateway calls", f"go well, 95 of 100 within {p95} ms")


def token(patient: Patient) -> Iterator[Finding]:
    """Whether the gateway takes our token, as far as that shows without a message."""
    error, at = patient.gateway["last_error"], patient.gateway["last_error_at"]
    # The error is of the last hour: calls that go well since then have forgiven it.
    if error and _TURNED_AWAY.search(error) and patient.gateway["status"] != "well":
        yield problem("gateway token", f"refused at {at}: {error}", f"Put a new one: {PUT_TOKEN}")
        return
    with speaking_to_aws():
        secret = patient.aws.client("secretsmanager").get_secret_value(
            SecretId=output(patient.aws, "GatewaySecretArn")
        )["SecretString"]
    yield _judge(secret, patient.now())


def _judge(secret: str, now: datetime) -> Finding:
    """By what the token says of itself."""
    claims = claims_of(secret)
    if claims is None:
        return warning(
            "gateway token",
            "is no JWT, so its end cannot be seen; a stack that was just deployed has none yet",
            f"If nobody has put it there: {PUT_TOKEN}",
        )
    ends = claims.get("exp")
    if not isinstance(ends, int | float):
        return ok("gateway token", "is a JWT without an end, and was not refused")
    until = datetime.fromtimestamp(ends, UTC)
    if until <= now:
        return problem(
            "gateway token", f"ended {until:%Y-%m-%d %H:%M} UTC", f"Put a new one: {PUT_TOKEN}"
        )
    if until - now < ENDS_SOON:
        return warning("gateway token", f"ends soon: {until:%Y-%m-%d %H:%M} UTC", PUT_TOKEN)
    return ok("gateway token", f"is good until {until:%Y-%m-%d}, and was not refused")
