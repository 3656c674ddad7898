"""The stack: composes the parts and says, in one matrix, who may do what.

How each function is made, and what invokes it, stands in its own file. No other file grants
anything, but that of the digest, which few deploy, and for two rights that name nothing of ours:
each function writes its own log, and API Gateway invokes `api` and `page`.
"""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.api import Api
from infra.digest import digest_if_wanted
from infra.environment import Environment
from infra.function import PythonFunction
from infra.grants import allow as _allow
from infra.http_api import HttpApi
from infra.layers import Layers
from infra.monitoring import Monitoring
from infra.page import Page
from infra.queues import Queues
from infra.schedules import Schedules
from infra.sender import gateway_token
from infra.sign_in import choose
from infra.tables import DUE, NEWEST, Tables, index_arn
from infra.uploads import REFUSED, UPLOADS, Uploads
from infra.workers import make_workers


class Carillon(Stack):
    """All of Carillon: its parts make sense only together, so they come and go in one stack."""

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(
            scope, construct_id, description="Carillon: mailings through a message gateway."
        )
        self._tables = tables = Tables(self, "Tables", environment=environment)
        self._queues = queues = Queues(self, "Queues", environment=environment)
        self._schedules = Schedules(
            self, "Schedules", fanout=queues.fanout, undeliverable=queues.undeliverable
        )
        self._token = gateway_token(self, environment=environment)
        self._http_api = HttpApi(self, "HttpApi", environment=environment)
        self._user_pool, sign_in = choose(self, environment, self._http_api.url)
        self._uploads = uploads = Uploads(
            self, "Uploads", environment=environment, queues=queues, api_url=self._http_api.url
        )
        layers = Layers(self, "Layers", environment=environment)
        self._api = Api(
            self,
            "Api",
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            sign_in=sign_in,
            uploads=uploads,
        )
        self._workers = make_workers(
            self,
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            schedules=self._schedules,
            uploads=uploads,
            gateway_token=self._token,
        )
        self._page = Page(
            self, "Page", environment=environment, layers=layers, uploads_origin=uploads.origin
        )
        api = self._api.live(snap_start=environment.api_snap_start)
        self._http_api.serve(api, self._page.function, sign_in)
        self._report(environment, layers)
        self._grant_tables()
        self._grant_streams()
        self._grant_queues()
        self._grant_the_rest()
        self._tell()

    def _report(self, environment: Environment, layers: Layers) -> None:
        """What tells people how it does; last, for it looks at all the others."""
        tables, queues, page_url = self._tables, self._queues, self._http_api.url
        digest_if_wanted(
            self,
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            schedules=self._schedules,
            page_url=page_url,
        )
        self._monitoring = Monitoring(
            self,
            "Monitoring",
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            functions=self._functions().values(),
            api_id=self._http_api.api_id,
            page_url=page_url,
        )

    def _grant_tables(self) -> None:
        """A transaction is permitted by the actions of its parts, so it needs none of its own.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
        """
        tables = self._tables
        clients, phones = tables.clients.table_arn, tables.phones.table_arn
        idempotency, mailings = tables.idempotency.table_arn, tables.mailings.table_arn
        messages, stats = tables.messages.table_arn, tables.stats.table_arn
        gateway, imports = tables.gateway.table_arn, tables.imports.table_arn
        newest, due = index_arn(tables.mailings, NEWEST), index_arn(tables.mailings, DUE)

        who = self._api.role
        _allow(who, clients, "dynamodb", "GetItem BatchGetItem Scan PutItem DeleteItem")
        _allow(who, phones, "dynamodb", "GetItem PutItem DeleteItem")
        _allow(who, idempotency, "dynamodb", "GetItem PutItem")
        _allow(who, mailings, "dynamodb", "GetItem Query PutItem ConditionCheckItem")
        _allow(who, newest, "dynamodb", "Query")
        _allow(who, messages, "dynamodb", "GetItem BatchGetItem Query")
        _allow(who, stats, "dynamodb", "BatchGetItem Query")
        _allow(who, gateway, "dynamodb", "GetItem BatchGetItem")
        _allow(who, imports, "dynamodb", "GetItem PutItem")

        who = self._workers.fanout.role
        _allow(who, clients, "dynamodb", "Scan BatchGetItem")
        _allow(who, mailings, "dynamodb", "GetItem Query PutItem DeleteItem BatchWriteItem")
        _allow(who, due, "dynamodb", "Query")
        _allow(who, messages, "dynamodb", "BatchGetItem Query")
        _allow(who, messages, "dynamodb", "PartiQLInsert PartiQLUpdate BatchWriteItem")
        _allow(who, stats, "dynamodb", "BatchGetItem Query UpdateItem BatchWriteItem")

        who = self._workers.sender.role
        _allow(who, clients, "dynamodb", "BatchGetItem")
        _allow(who, mailings, "dynamodb", "GetItem PutItem")
        _allow(who, messages, "dynamodb", "GetItem BatchGetItem PartiQLUpdate")
        _allow(who, gateway, "dynamodb", "GetItem PutItem UpdateItem")

        who = self._workers.stats.role
        _allow(who, stats, "dynamodb", "GetItem Query PutItem UpdateItem")
        _allow(who, mailings, "dynamodb", "GetItem")

        who = self._monitoring.widget.role
        _allow(who, newest, "dynamodb", "Query")
        _allow(who, stats, "dynamodb", "BatchGetItem")

        who = self._workers.importer.role
        _allow(who, clients, "dynamodb", "BatchGetItem PutItem")
        _allow(who, phones, "dynamodb", "BatchGetItem PutItem")
        _allow(who, imports, "dynamodb", "GetItem PutItem ConditionCheckItem")

    def _grant_streams(self) -> None:
        for who, table in (
            (self._workers.planner.role, self._tables.mailings),
            (self._workers.stats.role, self._tables.messages),
        ):
            stream, streams = table.table_stream_arn, f"{table.table_arn}/stream/*"
            _allow(who, stream or "", "dynamodb", "DescribeStream GetRecords GetShardIterator")
            _allow(who, streams, "dynamodb", "ListStreams")

    def _grant_queues(self) -> None:
        """What sends where. A stream's event source reports what it gave up in its function's
        name."""
        workers = self._workers
        fanout, message = self._queues.fanout.queue_arn, self._queues.message.queue_arn
        undeliverable = self._queues.undeliverable.queue_arn

        for queue in self._queues.by_output().values():
            _allow(self._api.role, queue.queue_arn, "sqs", "GetQueueAttributes")
        _allow(workers.planner.role, fanout, "sqs", "SendMessage")
        _allow(workers.planner.role, message, "sqs", "SendMessage")
        _allow(workers.planner.role, undeliverable, "sqs", "SendMessage")
        _allow(
            workers.fanout.role,
            fanout,
            "sqs",
            "ReceiveMessage DeleteMessage GetQueueAttributes",
        )
        _allow(workers.fanout.role, fanout, "sqs", "SendMessage ChangeMessageVisibility")
        _allow(workers.fanout.role, message, "sqs", "SendMessage GetQueueAttributes")
        for queue in self._queues.of_dead_letters():
            _allow(workers.fanout.role, queue.queue_arn, "sqs", "GetQueueAttributes")
        _allow(
            workers.sender.role,
            message,
            "sqs",
            "ReceiveMessage DeleteMessage GetQueueAttributes",
        )
        _allow(workers.sender.role, message, "sqs", "SendMessage ChangeMessageVisibility")
        who, imports = workers.importer.role, self._queues.imports.queue_arn
        _allow(who, imports, "sqs", "ReceiveMessage DeleteMessage GetQueueAttributes")
        _allow(who, imports, "sqs", "SendMessage ChangeMessageVisibility")
        _allow(workers.stats.role, fanout, "sqs", "SendMessage")
        _allow(workers.stats.role, undeliverable, "sqs", "SendMessage")
        _allow(self._schedules.role, fanout, "sqs", "SendMessage")
        _allow(self._schedules.role, undeliverable, "sqs", "SendMessage")

    def _grant_the_rest(self) -> None:
        schedules, planner = self._schedules, self._workers.planner.role
        _allow(planner, schedules.schedules_arn, "scheduler", "CreateSchedule DeleteSchedule")
        # A role that is passed on acts for whoever gets it, so it is said to whom it may be given.
        to_scheduler = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
        _allow(planner, schedules.role.role_arn, "iam", "PassRole", to_scheduler)
        _allow(self._workers.sender.role, self._token.attr_id, "secretsmanager", "GetSecretValue")

        bucket = self._uploads.bucket
        uploads = bucket.arn_for_objects(f"{UPLOADS}*")
        refused = bucket.arn_for_objects(f"{REFUSED}*")
        # What a signature permits is what the signer may do: to upload, and nothing else.
        _allow(self._api.role, uploads, "s3", "PutObject")
        _allow(self._api.role, refused, "s3", "GetObject")
        _allow(self._workers.importer.role, uploads, "s3", "GetObject")
        _allow(self._workers.importer.role, refused, "s3", "PutObject")
        # Who may list is told that a file is gone; all others are told that they may not read it.
        _allow(self._workers.importer.role, bucket.bucket_arn, "s3", "ListBucket")

    def _functions(self) -> dict[str, PythonFunction]:
        """All of them but the widget, by the names that they have in the outputs."""
        parts = self.node.children
        return {each.node.id: each for each in parts if isinstance(each, PythonFunction)}

    def _tell(self) -> None:
        """The outputs: what people and tools need to know, under names that stay."""
        outputs = {
            "ApiUrl": self._http_api.url,
            "ApiId": self._http_api.api_id,
            "GatewaySecretArn": self._token.attr_id,
            **{name: queue.queue_url for name, queue in self._queues.by_output().items()},
            "UploadsBucket": self._uploads.bucket.bucket_name,
            "UploadsOrigin": self._uploads.origin,
            **self._tables.names(),
            "ScheduleGroup": self._schedules.group_name,
            **self._monitoring.outputs(),
        }
        for name, each in self._functions().items():
            outputs[f"{name}Function"] = each.function.function_name
            outputs[f"{name}Logs"] = each.log_group.log_group_name
        if self._user_pool is not None:
            outputs |= {
                "UserPoolId": self._user_pool.id,
                "ConsoleClientId": self._user_pool.console.ref,
                "MachineClientId": self._user_pool.machine.ref,
            }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
