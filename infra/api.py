"""The `api` function: every HTTP request ends here."""

from pathlib import Path
from typing import Final

from constructs import Construct

from infra.assets import ROOT
from infra.environment import Environment
from infra.function import PythonFunction, or_empty
from infra.layers import Layers
from infra.queues import Queues
from infra.sign_in import SignIn
from infra.tables import Tables
from infra.uploads import Uploads

# What `/docs` serves beside the page itself: Swagger UI as npm installed it.
_SWAGGER_UI: Final = ROOT / "node_modules" / "swagger-ui-dist"
_SWAGGER_UI_FILES: Final = (
    "swagger-ui-bundle.js",
    "swagger-ui.css",
    "favicon-32x32.png",
    "oauth2-redirect.html",
    "oauth2-redirect.js",
)

# API Gateway gives up after 30 s, and a call to a table that does not answer takes up to 24 s with
# its retries: a caller is better served by our own 503 than by the gateway's.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
_TIMEOUT_S: Final = 28

# Somebody waits for each answer, and processor comes with memory: 1,769 MB is one whole vCPU.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_MEMORY_MB: Final = 1024


class Api(PythonFunction):
    """Uses the tables and nothing else, so that no other service's trouble reaches a caller.

    There are exceptions for which nobody else waits: who signs in on a page is served by asking the
    identity provider, who looks at the queues by asking SQS how full they are, and who wants
    refused lines back by asking S3. An upload is permitted by a signature, without asking.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
        sign_in: SignIn,
        uploads: Uploads,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="api",
            description="Carillon: answers the HTTP API.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            reserved_concurrency=environment.api_reserved_concurrency,
            snap_start=environment.api_snap_start,
            settings={
                "CLIENTS_TABLE": tables.clients.table_name,
                "PHONES_TABLE": tables.phones.table_name,
                "IDEMPOTENCY_TABLE": tables.idempotency.table_name,
                "MAILINGS_TABLE": tables.mailings.table_name,
                "MESSAGES_TABLE": tables.messages.table_name,
                "STATS_TABLE": tables.stats.table_name,
                "MESSAGE_QUEUE_URL": queues.message.queue_url,
                "FANOUT_QUEUE_URL": queues.fanout.queue_url,
                "IMPORT_QUEUE_URL": queues.imports.queue_url,
                "MESSAGE_DEAD_LETTERS_URL": queues.message_dead_letters.queue_url,
                "FANOUT_DEAD_LETTERS_URL": queues.fanout_dead_letters.queue_url,
                "IMPORT_DEAD_LETTERS_URL": queues.import_dead_letters.queue_url,
                "UNDELIVERABLE_URL": queues.undeliverable.queue_url,
                "GATEWAY_TABLE": tables.gateway.table_name,
                "GATEWAY_PARTS_PER_S": or_empty(environment.gateway_parts_per_s),
                "IMPORTS_TABLE": tables.imports.table_name,
                "UPLOADS_BUCKET": uploads.bucket.bucket_name,
                "OIDC_ISSUER": sign_in.issuer,
                "OIDC_CONFIGURATION_URL": sign_in.configuration_url,
                "OIDC_CLIENT_ID": sign_in.console_client_id,
                "OIDC_AUDIENCE": sign_in.requested_audience,
            },
            extra_files=_swagger_ui(),
        )


def _swagger_ui() -> dict[str, Path]:
    files = {f"static/{name}": _SWAGGER_UI / name for name in _SWAGGER_UI_FILES}
    missing = [str(source.relative_to(ROOT)) for source in files.values() if not source.exists()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} not found: run `make setup`")
    return files
