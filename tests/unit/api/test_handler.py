"""The handler as Lambda loads it: composed from the environment, logging JSON lines."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.fakes.system import SOMEBODY
from tests.unit.api.calling import CONSOLE, REQUEST_ID, event

SETTINGS = (
    {
        f"{table}_TABLE": table.lower()
        for table in (
            *("CLIENTS", "PHONES", "IDEMPOTENCY", "MAILINGS", "MESSAGES", "STATS"),
            *("GATEWAY", "IMPORTS"),
        )
    }
    | {
        f"{queue}_URL": f"https://sqs.eu-central-1.amazonaws.com/1/{queue}"
        for queue in (
            *("MESSAGE_QUEUE", "FANOUT_QUEUE", "IMPORT_QUEUE", "UNDELIVERABLE"),
            *("MESSAGE_DEAD_LETTERS", "FANOUT_DEAD_LETTERS", "IMPORT_DEAD_LETTERS"),
        )
    }
    | {
        "OIDC_ISSUER": CONSOLE.issuer,
        "OIDC_CONFIGURATION_URL": f"{CONSOLE.issuer}/.well-known/openid-configuration",
        "OIDC_CLIENT_ID": CONSOLE.client_id or "",
        "OIDC_AUDIENCE": "",
        "GATEWAY_PARTS_PER_S": "",
        "UPLOADS_BUCKET": "uploads",
    }
)
RUNTIME = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "POWERTOOLS_SERVICE_NAME": "api",
    "PYTHONPATH": os.pathsep.join(sys.path),
}
"""No credentials anywhere: the first call of AWS fails before it leaves the process."""
SCRIPT = """
import json, sys
from types import SimpleNamespace
from functions.api.handler import handler
context = SimpleNamespace(
    function_name="api", memory_limit_in_mb=1024, aws_request_id="52fdfc07",
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:api",
)
print(json.dumps(handler(json.load(sys.stdin), context)))
"""


def _run(environment: dict[str, str], gateway_event: dict[str, Any]) -> tuple[str, str]:
    """What Lambda's runtime would see: stdout and stderr of one invocation after a cold start."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        input=json.dumps(gateway_event),
        env={**RUNTIME, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr


def test_it_answers_and_logs_with_the_request_s_id() -> None:
    lines, _ = _run(SETTINGS, event("GET", "/health"))
    logged, summed_up, answered = (json.loads(line) for line in lines.splitlines())
    assert answered["statusCode"] == 500
    assert (summed_up["operation"], summed_up["status"]) == ("getHealth", 500)
    assert summed_up["request_id"] == REQUEST_ID
    assert (logged["level"], logged["message"]) == ("ERROR", "unexpected error")
    assert logged["error"] == "NoCredentialsError"
    assert logged["service"] == "api"
    assert logged["request_id"] == REQUEST_ID
    assert logged["function_request_id"] == "52fdfc07"
    assert logged["caller"] == SOMEBODY


def test_a_stranger_is_no_caller() -> None:
    lines, _ = _run(SETTINGS, event("GET", "/health", caller=None))
    for each in lines.splitlines():
        assert "caller" not in json.loads(each)


def test_a_missing_setting_fails_at_the_start_and_shows_no_credentials() -> None:
    lines, complaint = _run({"AWS_SESSION_TOKEN": "made-up"}, event("GET", "/health"))
    assert lines == ""
    for name in SETTINGS:
        assert name in complaint
    assert "made-up" not in complaint
