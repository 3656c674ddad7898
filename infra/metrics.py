"""Metrics as alarms and dashboard name them: ours by the catalogue, and those that AWS emits.

AWS's names and dimensions:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_sqs as sqs

from infra.catalogue import measures
from infra.function import PythonFunction

FAILED_INVOCATIONS = "InvocationsFailed"
"""The one metric of ours that no function emits: it is made of their logs."""


@dataclass(frozen=True)
class Metric:
    """One metric and how its values of a period become one: `Sum`, `Maximum`, `p90`."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str = "Sum"
    label: str | None = None

    def drawn(self, **how: object) -> list[Any]:
        """As a dashboard's widget lists it.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
        """
        names = [part for dimension in self.dimensions for part in dimension]
        options = {"stat": self.stat, **({"label": self.label} if self.label else {}), **how}
        return [self.namespace, self.name, *names, options]


@dataclass(frozen=True)
class Sources:
    """What there is to look at; functions by their folders, queues and tables by their names."""

    namespace: str
    functions: Mapping[str, PythonFunction]
    queues: Mapping[str, sqs.Queue]
    dead_letters: Mapping[str, sqs.Queue]
    tables: Mapping[str, dynamodb.Table]
    log_groups: Mapping[str, str]
    api_id: str

    def ours(
        self, measure: measures.Measure, stat: str | None = None, label: str | None = None
    ) -> Metric:
        """One of the catalogue's."""
        stat = stat or ("Maximum" if measure.kind == "gauge" else "Sum")
        service = ((measures.SERVICE, measure.service),)
        return Metric(self.namespace, measure.name, service, stat, label)

    def of_function(self, name: str, metric: str, stat: str = "Sum") -> Metric:
        """Of Lambda."""
        function = self.functions[name].function.function_name
        return Metric("AWS/Lambda", metric, (("FunctionName", function),), stat, name)

    def of_account(self, metric: str, stat: str = "Sum") -> Metric:
        """Of Lambda, for all functions of the account in the region, others' too.

        https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
        """
        return Metric("AWS/Lambda", metric, (), stat, "all functions")

    def failed_invocations(self) -> Metric:
        """What `Failures` reads from the logs: no metric where none failed."""
        return Metric(self.namespace, FAILED_INVOCATIONS, ())

    def of_queue(self, name: str, metric: str, stat: str = "Sum") -> Metric:
        """Of SQS, for a work queue or one of dead letters."""
        queue = {**self.queues, **self.dead_letters}[name].queue_name
        return Metric("AWS/SQS", metric, (("QueueName", queue),), stat, name)

    def of_table(self, name: str, metric: str) -> Metric:
        """Of DynamoDB, for a table without its indexes."""
        table = self.tables[name].table_name
        return Metric("AWS/DynamoDB", metric, (("TableName", table),), label=name)

    def of_index(self, table: str, index: str, metric: str, stat: str) -> Metric:
        """Of DynamoDB, for one index of a table."""
        of = self.of_table(table, metric)
        dimensions = (*of.dimensions, ("GlobalSecondaryIndexName", index))
        return Metric(of.namespace, metric, dimensions, stat, index)

    def of_api(self, metric: str, stat: str = "Sum", label: str | None = None) -> Metric:
        """Of API Gateway, for all routes together: API, documentation and page."""
        return Metric("AWS/ApiGateway", metric, (("ApiId", self.api_id),), stat, label)

    def of_logs(self, name: str) -> Metric:
        """Of CloudWatch Logs: the bytes that are paid for."""
        group = (("LogGroupName", self.log_groups[name]),)
        return Metric("AWS/Logs", "IncomingBytes", group, label=name)
