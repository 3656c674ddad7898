"""The `widget` function: draws the counts of mailings on the dashboard."""

from typing import Final

from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.tables import Tables

# A few reads for each look at the dashboard; memory buys the processor that its start takes.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_MEMORY_MB: Final = 512
_TIMEOUT_S: Final = 15


class Widget(PythonFunction):
    """Invoked by CloudWatch with the rights of who looks, so nobody is permitted to do so here.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        page_url: str,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="widget",
            description="Carillon: the dashboard's table of mailings.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            settings={
                "MAILINGS_TABLE": tables.mailings.table_name,
                "STATS_TABLE": tables.stats.table_name,
                "PAGE_URL": page_url,
            },
        )
