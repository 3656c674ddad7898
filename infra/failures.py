"""Failed invocations of all functions as one metric, read from their logs.

Lambda tells of each function's errors in a metric of that function, and an alarm over all of them
is paid for each. But it also writes a line at the end of every invocation, and says there how it
ended; a filter on each log group turns the bad ones into a metric that all groups share. It is
emitted only where something failed, so that it costs nothing while all is well.
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#PlatformReport
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
"""

from collections.abc import Iterable
from typing import Final

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.function import PythonFunction
from infra.metrics import FAILED_INVOCATIONS

PATTERN: Final = '{ $.type = "platform.report" && $.record.status != "success" }'
"""An error, a timeout, or a runtime that ended: want of memory, too."""


class Failures(Construct):
    """A filter on the log of each function; `namespace` is that of our metrics."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Iterable[PythonFunction],
        namespace: str,
    ) -> None:
        super().__init__(scope, construct_id)
        for each in functions:
            logs.CfnMetricFilter(
                self,
                each.name.capitalize(),
                log_group_name=each.log_group.log_group_name,
                filter_pattern=PATTERN,
                metric_transformations=[
                    logs.CfnMetricFilter.MetricTransformationProperty(
                        metric_namespace=namespace,
                        metric_name=FAILED_INVOCATIONS,
                        metric_value="1",
                        unit="Count",
                    )
                ],
            )
