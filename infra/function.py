"""`PythonFunction`, the one construct behind all functions: code, role, logs, settings, source.

What a function may do, besides writing its own log, stands in the stack with all other grants.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.assets import ROOT, built, contents, copy, sources
from infra.bytecode import add_bytecode, compiler
from infra.environment import Environment
from infra.layers import Layers, architecture, runtime

FUNCTIONS: Final = ROOT / "functions"

# Lambda's names of the levels that Powertools' logger knows as Python's.
_LAMBDA_LEVELS: Final = {
    "DEBUG": lambda_.ApplicationLogLevel.DEBUG,
    "INFO": lambda_.ApplicationLogLevel.INFO,
    "WARNING": lambda_.ApplicationLogLevel.WARN,
    "ERROR": lambda_.ApplicationLogLevel.ERROR,
}


class PythonFunction(Construct):
    """A function from `functions/<name>/`, whose entry is `handler.handler`.

    Args:
        name: the folder, and the service's name in every log line.
        settings: the environment variables that the folder's `settings.py` reads, exactly those.
        reserved_concurrency: invocations at once that are kept for it, and its most; None for what
            the account has left.
        snap_start: have each version start from a snapshot of its initialized memory. Only `live`
            does: what is invoked by the function's name is not a version.
            https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
        extra_files: files from elsewhere, keyed by their path in the function's folder.
        left_out: a folder in the function's own that is not shipped as it is.
        feeds_itself: whether it sends to the queue that it is invoked from. Lambda takes that for
            an endless loop after 16 rounds and puts the record aside. Here rounds are the design,
            and what goes round has its own end.
            https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        environment: Environment,
        layers: Layers,
        memory_mb: int,
        timeout_s: int,
        settings: Mapping[str, str],
        reserved_concurrency: int | None = None,
        snap_start: bool = False,
        extra_files: Mapping[str, Path] | None = None,
        left_out: str | None = None,
        feeds_itself: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self.name = name
        self.log_group = log_group = self._log_group(environment)
        self.role = self._role_that_writes_to(log_group)
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            code=lambda_.Code.from_asset(
                str(_code(name, extra_files or {}, left_out, environment))
            ),
            handler=f"functions.{name}.handler.handler",
            runtime=runtime(environment),
            architecture=architecture(environment),
            layers=layers.all(),
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_s),
            role=self.role,
            reserved_concurrent_executions=reserved_concurrency,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if snap_start else None,
            tracing=lambda_.Tracing.DISABLED,
            recursive_loop=lambda_.RecursiveLoop.ALLOW if feeds_itself else None,
            log_group=log_group,
            # Lambda drops lines by level as well, so it is told the same one as the logger.
            # https://docs.aws.amazon.com/powertools/python/latest/core/logger/#aws-lambda-advanced-logging-controls-alc
            logging_format=lambda_.LoggingFormat.JSON,
            # The line that says how an invocation ended, which `Failures` reads, is of level INFO.
            system_log_level_v2=lambda_.SystemLogLevel.INFO,
            application_log_level_v2=_LAMBDA_LEVELS[environment.level_of(name)],
            environment={**_for_libraries(name, environment), **settings},
        )

    def live(self, *, snap_start: bool) -> lambda_.IFunction:
        """What is to be invoked: with `snap_start` the newest version, at an address that stays.

        The version's logical id is a digest of code and settings: a deployment that changes either
        publishes another one, moves the address and then deletes the old one, with its snapshot.
        """
        return self.function.add_alias("live") if snap_start else self.function

    def _log_group(self, environment: Environment) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )

    def _role_that_writes_to(self, log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[log_group.log_group_arn],
            )
        )
        return role

    def take_from(
        self, queue: sqs.Queue, *, batch: int, max_concurrency: int, window_s: int = 0
    ) -> None:
        """Be invoked with records of `queue`, and answer which of them failed."""
        lambda_.CfnEventSourceMapping(
            self,
            "Queue",
            function_name=self.function.function_name,
            event_source_arn=queue.queue_arn,
            batch_size=batch,
            maximum_batching_window_in_seconds=window_s,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=max_concurrency
            ),
        )

    def read_stream(
        self,
        table: dynamodb.Table,
        *,
        batch: int,
        window_s: int,
        retries: int,
        max_age: Duration,
        undeliverable: sqs.Queue,
        only: Sequence[Mapping[str, object]] = (),
        tumbling_window_s: int = 0,
    ) -> None:
        """Be invoked with the changes of `table`, from the first one on and in order.

        A batch that fails is cut in two, so that what cannot be handled is singled out; what is
        given up leaves a note in `undeliverable`. With `only` these patterns, it sees the changes
        that fit one of them.
        https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
        """
        source = lambda_.CfnEventSourceMapping
        failed = source.OnFailureProperty(destination=undeliverable.queue_arn)
        source(
            self,
            "Stream",
            function_name=self.function.function_name,
            event_source_arn=table.table_stream_arn,
            # From its beginning: the stream may have been written before this mapping existed.
            starting_position="TRIM_HORIZON",
            batch_size=batch,
            maximum_batching_window_in_seconds=window_s,
            tumbling_window_in_seconds=tumbling_window_s or None,
            # One batch of a shard at a time, which keeps all its changes in order.
            parallelization_factor=1,
            filter_criteria=_filters(only) if only else None,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=retries,
            maximum_record_age_in_seconds=max_age.to_seconds(),
            destination_config=source.DestinationConfigProperty(on_failure=failed),
        )


def _for_libraries(name: str, environment: Environment) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_LOG_LEVEL": environment.level_of(name),
        "POWERTOOLS_METRICS_NAMESPACE": environment.stack_name,
        # pydantic would look for plugins in the metadata of every package at each start: 0.02 s.
        # https://docs.pydantic.dev/latest/concepts/plugins/
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
    }


def or_empty(number: float | None) -> str:
    """A setting's text: a number that there may be none of."""
    return "" if number is None else f"{number:g}"


def _filters(
    patterns: Sequence[Mapping[str, object]],
) -> lambda_.CfnEventSourceMapping.FilterCriteriaProperty:
    one = lambda_.CfnEventSourceMapping.FilterProperty
    return lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
        filters=[one(pattern=json.dumps(pattern)) for pattern in patterns]
    )


def _code(
    name: str, extra_files: Mapping[str, Path], left_out: str | None, environment: Environment
) -> Path:
    """The directory with the packages `functions` and `functions.<name>`, without the others."""
    own = sources(FUNCTIONS / name, under=f"functions/{name}")
    files = {
        "functions/__init__.py": FUNCTIONS / "__init__.py",
        **{
            path: source
            for path, source in own.items()
            if not (left_out and path.startswith(f"functions/{name}/{left_out}/"))
        },
        **{f"functions/{name}/{path}": source for path, source in extra_files.items()},
    }

    def make(directory: Path) -> None:
        copy(files, directory)
        # Where Lambda unpacks a function's code.
        add_bytecode(directory, environment, place="/var/task")

    return built(f"function-{name}", [*contents(files), *compiler(environment)], make)
