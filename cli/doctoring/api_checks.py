"""Whether the API answers, knows us, and has the time that we have."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from cli.doctoring.findings import Finding, Patient, ok, problem, warning
from cli.errors import CliError, NotSignedIn
from cli.jwt import claims_of

LIMIT_S = 40
SCOPES = ("carillon/read", "carillon/write")

SKEW_WARNED_S = 5.0
"""`Date` tells whole seconds and an answer takes one: less cannot be told from nothing."""

SKEW_MAX_S = 60.0
"""From here on a time that an operator types means another one to Carillon, by a minute."""


def answers(patient: Patient) -> Iterator[Finding]:
    """Whether `/health` says that every table can be read; and the clocks, from the same answer."""
    url = f"{patient.deployment.url}/health"
    begun, before = time.monotonic(), patient.now()
    try:
        with patient.deployment.web() as web:
            answer = web.get(url, timeout=LIMIT_S)
    except requests.RequestException as error:
        do = (
            "`make run`" if patient.deployment.is_local else "Is the address right? carillon whoami"
        )
        yield problem("API", f"does not answer at {url}: {type(error).__name__}", do)
        return
    took_ms = (time.monotonic() - begun) * 1000
    if answer.ok:
        yield ok("API", f"answers and reads its tables ({took_ms:.0f} ms)")
    else:
        yield problem(
            "API",
            f"answers HTTP {answer.status_code}: it cannot read its tables",
            "Look into the function's log: /aws/lambda, or the output ApiLogs.",
        )
    yield clocks(answer.headers.get("Date"), before + (patient.now() - before) / 2)


def clocks(date: str | None, here: datetime) -> Finding:
    """How far this machine's clock is from the deployment's."""
    try:
        there = parsedate_to_datetime(date or "")
    except ValueError:
        return warning("clock", "the API does not tell its time")
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    skew_s = (here - there).total_seconds() - 0.5  # on average half a second is cut off
    if abs(skew_s) < SKEW_WARNED_S:
        return ok("clock", "this machine and the deployment agree on the time")
    words = f"this machine is {abs(skew_s):.0f} s {'ahead' if skew_s > 0 else 'behind'}"
    do = "Set this machine's clock: times that you type are taken by it."
    if abs(skew_s) < SKEW_MAX_S:
        return warning("clock", words, do)
    return problem("clock", words, do)


def sign_in(patient: Patient) -> Iterator[Finding]:
    """Whether our token opens the API, and what it permits."""
    try:
        token = patient.deployment.tokens()
        patient.api.get("/mailings", limit=1)
    except NotSignedIn as error:
        yield problem("sign-in", str(error), error.hint or "carillon login")
        return
    except CliError as error:
        yield problem("sign-in", f"no answer to a call with a token: {error}", error.hint)
        return
    claims = claims_of(token) or {}
    said = claims.get("scope") or claims.get("scp") or ""
    scopes = said.split() if isinstance(said, str) else list(said)
    lacking = [each for each in SCOPES if scopes and each not in scopes]
    if lacking:
        yield warning("sign-in", f"you may not everything: the token lacks {', '.join(lacking)}")
    else:
        yield ok("sign-in", "the API accepts your token")
