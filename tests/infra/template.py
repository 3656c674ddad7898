"""The synthesized template as the rules read it: resources by type, and what refers to what."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.assets import ROOT

Properties = dict[str, Any]

OPEN_ROUTES = {
    "GET /health",
    "GET /auth/config",
    "GET /auth/authorize",
    "POST /auth/token",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/{file+}",
    "GET /",
    "GET /assets/{proxy+}",
}
"""All that a stranger may ask."""


@dataclass(frozen=True)
class Statement:
    """One statement of a policy, with its single values made lists."""

    owner: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    conditions: Properties


@dataclass(frozen=True, order=True)
class Finding:
    """What a rule of AWS's pack finds at a construct, given by its path in the stack."""

    path: str
    rule: str


@dataclass(frozen=True)
class Template:
    """A template, the file that it was written to, and what AWS's rules say to it."""

    file: Path
    content: Properties
    findings: tuple[Finding, ...] = ()

    def of_type(self, kind: str) -> dict[str, Properties]:
        """The properties of all resources of a type, such as `AWS::SQS::Queue`, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.content["Resources"].items()
            if resource["Type"] == kind
        }

    def resource(self, logical_id: str) -> Properties:
        """A whole resource, with its type and policies."""
        return dict(self.content["Resources"][logical_id])

    def functions(self) -> dict[str, Properties]:
        """The functions' properties by the name of their folder."""
        return {
            function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: function
            for function in self.of_type("AWS::Lambda::Function").values()
        }

    def event_sources(self) -> dict[str, Properties]:
        """The event source mappings by the name of the function that they invoke."""
        logical_ids = {
            name: function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
            for name, function in self.of_type("AWS::Lambda::Function").items()
        }
        return {
            logical_ids[target(mapping["FunctionName"])]: mapping
            for mapping in self.of_type("AWS::Lambda::EventSourceMapping").values()
        }

    def grants(self) -> Iterator[Statement]:
        """Every statement of a role's policies, under the role's logical id."""
        for policy in self.of_type("AWS::IAM::Policy").values():
            for role in policy["Roles"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield _statement(target(role), statement)

    def grants_of(self, function: str) -> list[Statement]:
        """The statements for the role of a function, given by its folder's name."""
        role = target(self.functions()[function]["Role"])
        return [statement for statement in self.grants() if statement.owner == role]


def synthesize(
    folder: Path, *, judged: bool = False, accepting: bool = True, **settings: str
) -> Template:
    """The app's template, as the command line with `-c key=value` for each setting makes it.

    With `judged` AWS's rules are run over it; not `accepting` is without our reasons.
    """
    from aws_cdk import App, Validations
    from cdk_nag import AwsSolutionsChecks

    from infra.accepted import accept
    from infra.environment import Environment
    from infra.stack import Carillon

    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder), context={**context, **settings})
    environment = Environment.from_context(app.node)
    stack = Carillon(app, environment.stack_name, environment=environment)
    if accepting:
        accept(stack, environment)
    if judged:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    with suppress(RuntimeError):  # so says the CDK when a rule finds something
        app.synth()
    file = folder / f"{environment.stack_name}.template.json"
    report = folder / "validation-report.json"
    findings = _findings(json.loads(report.read_text())) if report.exists() else ()
    return Template(file, json.loads(file.read_text()), tuple(sorted(findings)))


def _findings(report: Properties) -> Iterator[Finding]:
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                _stack, _, path = construct["constructPath"].partition("/")
                yield Finding(path.removesuffix("/Resource"), violation["ruleName"])


def target(value: Any) -> str:
    """The logical id that a `Ref` or `Fn::GetAtt` names."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), _]}:
            return name
    raise AssertionError(f"not a reference: {value}")


def text(value: Any) -> str:
    """A value with its references written as `{logical id.attribute}`."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"{{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{{{name}.{attribute}}}"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(text, parts))
    raise AssertionError(f"not a value that these rules read: {value}")


def _statement(owner: str, statement: Properties) -> Statement:
    return Statement(
        owner=owner,
        effect=statement["Effect"],
        actions=tuple(_listed(statement["Action"])),
        resources=tuple(_listed(statement.get("Resource", []))),
        conditions=statement.get("Condition", {}),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
