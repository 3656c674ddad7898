"""Saved queries of CloudWatch Logs Insights: the whole story of a mailing, a message, a client.

Each asks for an id in the console and reads the log groups of all functions. What befell a whole
page of messages is one line with their `client_ids`, so a client is searched for in the text of a
line: Insights flattens a list into a field for each place, and knows no "is in".
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.function import PythonFunction

LINES_MAX: Final = 10_000
"""The most that a query answers with.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"""

_SHOWN: Final = (
    "@timestamp, level, service, message, verdict, status, code, attempt, next_at, message_status,"
    " reason, why, caller, record_id, request_id, @message"
)


@dataclass(frozen=True)
class _Query:
    name: str
    parameters: dict[str, str]
    filter: str

    @property
    def text(self) -> str:
        return "\n".join(
            (
                f"fields {_SHOWN}",
                f"| filter {self.filter}",
                "| sort @timestamp asc",
                f"| limit {LINES_MAX}",
            )
        )


QUERIES: Final = (
    _Query(
        "One mailing",
        {"mailing_id": "The mailing's id"},
        'mailing_id = "{{mailing_id}}"',
    ),
    _Query(
        "One message",
        {
            "mailing_id": "The mailing's id, the first part of the message's",
            "client_id": "The client's id, the second part of the message's",
        },
        'mailing_id = "{{mailing_id}}"'
        ' and (client_id = "{{client_id}}" or @message like "{{client_id}}"'
        " or (not ispresent(client_id) and not ispresent(client_ids.0)))",
    ),
    _Query(
        "One client",
        {"client_id": "The client's id"},
        'client_id = "{{client_id}}" or @message like "{{client_id}}"',
    ),
)
"""A message's story has the lines about its mailing as a whole, too: start, pause, end."""


class LogQueries(Construct):
    """One saved query for each of them, in a folder with the stack's name."""

    def __init__(
        self, scope: Construct, construct_id: str, functions: Iterable[PythonFunction]
    ) -> None:
        super().__init__(scope, construct_id)
        definition = logs.CfnQueryDefinition
        groups = [each.log_group.log_group_name for each in functions]
        for query in QUERIES:
            definition(
                self,
                query.name.title().replace(" ", ""),
                name=f"{Stack.of(self).stack_name}/{query.name}",
                query_string=query.text,
                log_group_names=groups,
                parameters=[
                    # A default, because the console runs a query as soon as it is opened.
                    definition.QueryParameterProperty(
                        name=name, description=description, default_value="none"
                    )
                    for name, description in query.parameters.items()
                ],
            )
