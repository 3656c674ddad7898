"""The tables as the CDK app defines them, in the words of CreateTable."""

import re
from collections.abc import Mapping
from typing import Any

from tests.contract.cloud import Definitions

_LOGICAL_ID = re.compile(r"Tables([A-Za-z]+)[0-9A-F]{8}")
_WANTED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def synthesized() -> dict[str, Any]:
    """A template with nothing but the tables; needs Node and some seconds."""
    from aws_cdk import App, Stack
    from aws_cdk.assertions import Template

    from infra.environment import Environment
    from infra.tables import Tables

    stack = Stack(App())
    Tables(stack, "Tables", environment=Environment())
    return dict(Template.from_stack(stack).to_json())


def table_definitions(template: Mapping[str, Any]) -> Definitions:
    """By construct id, such as `Clients`."""
    definitions = {}
    for logical_id, resource in template["Resources"].items():
        match = _LOGICAL_ID.fullmatch(logical_id)
        if match and resource["Type"] == "AWS::DynamoDB::Table":
            properties = resource["Properties"]
            definitions[match[1]] = {
                name: properties[name] for name in _WANTED if name in properties
            }
    return definitions
