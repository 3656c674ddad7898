"""The `page` function: the admin page at `/`, with no right to anything."""

from typing import Final

from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.page_files import page_files

# It only hands out what it read at its start; memory buys the processor that start takes.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_MEMORY_MB: Final = 512
_TIMEOUT_S: Final = 10


class Page(PythonFunction):
    """Hands out static files.

    Args:
        uploads_origin: where a browser sends files of clients, so that the page may talk to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        uploads_origin: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="page",
            description="Carillon: the admin page.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            settings={"UPLOADS_ORIGIN": uploads_origin or ""},
            extra_files=page_files(),
            left_out="static",
        )
