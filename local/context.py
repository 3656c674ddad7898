"""The settings of `infra.environment` that a local stack has otherwise than AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local import cdk
from local.operator_account import EMAIL

# The id that the deployed HTTP API gets through its tag `ms-custom-id`: eight hex digits.
API_ID = "ca411104"
# Measured on two cores: four senders leave them idle while a slow gateway answers, eight stand in
# each other's way when it is quick.
CONCURRENCY = "5"
# Fewer: a mailing that is being fanned out leaves room for others' commands.
SLICES = "3"

# Whom the digest comes from. It goes to the operator, and no further than the emulator's outbox.
DIGEST_SENDER = "carillon@carillon.local"

# Made up, and shaped like the real one: the gateway's contract asks for a JWT.
MADE_UP_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJjYXJpbGxvbi1sb2NhbCJ9."
    "bm90LWEtcmVhbC1zaWduYXR1cmUtb25seS1sb2NhbC0h"
)


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Where messages are sent. Without an address the stand-in is started and used."""

    url: str | None = None
    token: str = MADE_UP_TOKEN


def local_context(
    *,
    gateway_url: str,
    addresses: tuple[str, ...],
    emulator_url: str,
    given: Mapping[str, str],
) -> dict[str, str]:
    """All of them. `addresses` are the front door's, `given` comes before everything else.

    Functions are told to find AWS at `emulator_url`, so uploads are signed for it.
    """
    context = cdk.host_context() | {
        "retain_data": "false",
        "sender_concurrency": CONCURRENCY,
        "fanout_concurrency": CONCURRENCY,
        "slices": SLICES,
        "alarm_math": "false",
        "stats_window_s": "0",
        "log_queries": "false",  # MiniStack does not know AWS::Logs::QueryDefinition
        "api_id_tag": API_ID,
        "gateway_url": gateway_url,
        "gateway_plain_http": str(gateway_url.startswith("http:")).lower(),
        "page_origins": ",".join(addresses),
        "oidc_plain_http": "true",
        "uploads_url": emulator_url,
        "digest_recipients": EMAIL,
        "digest_sender": DIGEST_SENDER,
    }
    if "oidc_issuer" not in given:
        context["cognito_url"] = addresses[0]
    return {**context, **given}
