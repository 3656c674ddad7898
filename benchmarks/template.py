"""The CDK app's template, as `make deploy` makes it with every setting at its default."""

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
_TABLE: Final = re.compile(r"Tables([A-Za-z]+)[0-9A-F]{8}")
_WANTED: Final = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def synthesized() -> dict[str, Any]:
    """Needs Node, and some seconds."""
    from aws_cdk import App

    from infra.environment import Environment
    from infra.stack import Carillon

    with tempfile.TemporaryDirectory() as folder:
        context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
        app = App(outdir=folder, context=context)
        environment = Environment.from_context(app.node)
        Carillon(app, environment.stack_name, environment=environment)
        app.synth()
        file = Path(folder, f"{environment.stack_name}.template.json")
        template: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return template


def table_definitions(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What CreateTable wants to know of each table, by its name in `infra`, such as `Clients`."""
    definitions = {}
    for logical_id, resource in template["Resources"].items():
        match = _TABLE.fullmatch(logical_id)
        if match and resource["Type"] == "AWS::DynamoDB::Table":
            given = resource["Properties"]
            definitions[match[1]] = {name: given[name] for name in _WANTED if name in given}
    return definitions
