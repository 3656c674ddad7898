"""The eight DynamoDB tables; docs/architecture.md tells what lies where, and why."""

from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.environment import Environment

# The index of mailings, newest first, and the sparse one of mailings that have something to do.
NEWEST = "newest"
DUE = "due"


class Tables(Construct):
    """All tables: on demand, so that an idle stack costs nothing, with string keys."""

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self.clients = self._table(
            "Clients",
            "client_id",
            warm=_warm(environment.clients_warm_reads_per_s, environment.clients_warm_writes_per_s),
        )
        self.phones = self._table("Phones", "phone")
        self.idempotency = self._table("Idempotency", "key", expires=True)
        # Of what lies there only trials carry an expiry: they hold a phone.
        self.mailings = self._table("Mailings", "mailing_id", "item", streamed=True, expires=True)
        self.messages = self._table(
            "Messages",
            "part",
            "client_id",
            streamed=True,
            expires=True,
            warm=_warm(
                environment.messages_warm_reads_per_s, environment.messages_warm_writes_per_s
            ),
        )
        self.stats = self._table("Stats", "mailing_id", "item", expires=True)
        # The minutes of calls expire, the pace does not.
        self.gateway = self._table("Gateway", "item", expires=True)
        self.imports = self._table("Imports", "import_id", expires=True)
        self._index(self.mailings, NEWEST, "listed", "listed_at")
        self._index(self.mailings, DUE, "due", "due_at")

    def names(self) -> dict[str, str]:
        """What tools look into, by the names of the stack's outputs."""
        return {
            "ClientsTable": self.clients.table_name,
            "MailingsTable": self.mailings.table_name,
            "MessagesTable": self.messages.table_name,
            "StatsTable": self.stats.table_name,
            "ImportsTable": self.imports.table_name,
        }

    def _table(
        self,
        name: str,
        partition_key: str,
        sort_key: str | None = None,
        *,
        streamed: bool = False,
        expires: bool = False,
        warm: dynamodb.WarmThroughput | None = None,
    ) -> dynamodb.Table:
        """A table; `streamed` gives it a stream with both images, `expires` a time to live, `warm`
        what it can do at once."""
        retain = self._environment.retain_data
        return dynamodb.Table(
            self,
            name,
            partition_key=_string(partition_key),
            sort_key=_string(sort_key) if sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            # Both images: planner and stats tell a change by comparing before and after.
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if streamed else None,
            time_to_live_attribute="expires_at" if expires else None,
            warm_throughput=warm,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=retain,
                recovery_period_in_days=self._environment.recovery_days if retain else None,
            ),
            deletion_protection=retain,
            removal_policy=self._environment.removal_policy,
        )

    def _index(self, table: dynamodb.Table, name: str, partition_key: str, sort_key: str) -> None:
        table.add_global_secondary_index(
            index_name=name,
            partition_key=_string(partition_key),
            sort_key=_string(sort_key),
            projection_type=dynamodb.ProjectionType.ALL,
        )


def index_arn(table: dynamodb.Table, name: str) -> str:
    """The ARN of one index of `table`, to permit queries of it alone."""
    return f"{table.table_arn}/index/{name}"


def _warm(reads_per_s: int | None, writes_per_s: int | None) -> dynamodb.WarmThroughput | None:
    """Nothing unless asked for: a table that has it in its template cannot get less."""
    if reads_per_s is None and writes_per_s is None:
        return None
    return dynamodb.WarmThroughput(
        read_units_per_second=reads_per_s, write_units_per_second=writes_per_s
    )


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
