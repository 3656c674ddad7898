"""Everything by which people see how Carillon does: alarms, the dashboard and its widget, and
saved queries of the logs."""

from collections.abc import Iterable

from constructs import Construct

from infra.alarms import Alarms
from infra.dashboard import Dashboard
from infra.environment import Environment
from infra.failures import Failures
from infra.function import PythonFunction
from infra.layers import Layers
from infra.log_queries import LogQueries
from infra.metrics import Sources
from infra.queues import Queues
from infra.tables import Tables
from infra.widget import Widget


class Monitoring(Construct):
    """Looks at what the stack consists of, and changes nothing of it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
        functions: Iterable[PythonFunction],
        api_id: str,
        page_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.widget = Widget(
            self,
            "Widget",
            environment=environment,
            layers=layers,
            tables=tables,
            page_url=page_url,
        )
        watched = (*functions, self.widget)
        sources = _sources(environment.stack_name, watched, tables, queues, api_id)
        if environment.log_queries:
            LogQueries(self, "LogQueries", watched)
        Failures(self, "Failures", functions=watched, namespace=environment.stack_name)
        self.alarms = Alarms(self, "Alarms", environment=environment, sources=sources)
        self.dashboard = Dashboard(
            self,
            "Dashboard",
            sources=sources,
            alarms=self.alarms,
            widget=self.widget,
            environment=environment,
        )

    def outputs(self) -> dict[str, str]:
        """What people and tools need to know of it, by the names of the stack's outputs."""
        return {
            "WidgetFunction": self.widget.function.function_name,
            "WidgetLogs": self.widget.log_group.log_group_name,
            "Dashboard": self.dashboard.name,
            "AlarmTopic": self.alarms.topic.topic_arn,
        }


def _sources(
    namespace: str,
    functions: Iterable[PythonFunction],
    tables: Tables,
    queues: Queues,
    api_id: str,
) -> Sources:
    by_name = {each.name: each for each in functions}
    return Sources(
        namespace=namespace,
        functions=by_name,
        queues={"Message": queues.message, "Fanout": queues.fanout, "Import": queues.imports},
        dead_letters={
            "MessageDeadLetters": queues.message_dead_letters,
            "FanoutDeadLetters": queues.fanout_dead_letters,
            "ImportDeadLetters": queues.import_dead_letters,
            "Undeliverable": queues.undeliverable,
        },
        tables={
            "clients": tables.clients,
            "phones": tables.phones,
            "mailings": tables.mailings,
            "messages": tables.messages,
            "stats": tables.stats,
            "gateway": tables.gateway,
        },
        log_groups={name: each.log_group.log_group_name for name, each in by_name.items()},
        api_id=api_id,
    )
