"""The functions' configuration, and the alarms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.aws import output, speaking_to_aws
from cli.doctoring.findings import Finding, Patient, ok, problem, warning

FUNCTION = "Function"
FED = ("PlannerFunction", "FanoutFunction", "SenderFunction", "StatsFunction", "ImporterFunction")
"""Those that a queue or a stream invokes."""

ENABLED = ("Enabled", "Enabling", "Creating", "Updating")


def stack(patient: Patient) -> Iterator[Finding]:
    """Whether the account that is asked is that of the API that is asked."""
    told = output(patient.aws, "ApiUrl").rstrip("/")
    if patient.deployment.is_local or told == patient.deployment.url:
        yield ok("stack", f"{patient.aws.place} is the one behind the API")
    else:
        yield warning(
            "stack",
            f"{patient.aws.place} has its API at {told}",
            "Right if you use a name of your own for it; else: --stack, --region, --profile.",
        )


def functions(patient: Patient) -> Iterator[Finding]:
    """Whether each function can be invoked, and is."""
    names = sorted(name for name in patient.aws.outputs if name.endswith(FUNCTION))
    wrong = [told for name in names if (told := _trouble(patient, name))]
    for each in wrong:
        yield problem("functions", each, "Deploy again, or undo it in Lambda's console.")
    if not wrong:
        yield ok("functions", f"all {len(names)} are active and fed")


def _trouble(patient: Patient, name: str) -> str:
    """What is wrong with a function; empty when nothing."""
    configuration = patient.configuration(name)
    plain = name.removesuffix(FUNCTION).lower()
    state, update = configuration.get("State"), configuration.get("LastUpdateStatus")
    if state not in (None, "Active", "Inactive"):
        return f"{plain} is {state}: {configuration.get('StateReason', '')}"
    if update == "Failed":
        return f"{plain}: its last update failed: {configuration.get('LastUpdateStatusReason', '')}"
    client, function = patient.aws.client("lambda"), configuration["FunctionName"]
    with speaking_to_aws():
        reserved = client.get_function_concurrency(FunctionName=function)
        if reserved.get("ReservedConcurrentExecutions") == 0:
            return f"{plain} is switched off: its reserved concurrency is 0"
        if name not in FED:
            return ""
        sources = client.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    if not sources:
        return f"{plain} has no event source: nothing invokes it"
    off = [each for each in sources if each.get("State") not in ENABLED]
    return f"{plain}: its event source is {off[0].get('State')}" if off else ""


def alarms(patient: Patient) -> Iterator[Finding]:
    """Whether an alarm of the stack rings."""
    found = list(_alarms(patient))
    ringing = [each for each in found if each["StateValue"] == "ALARM"]
    for each in ringing:
        about = each.get("AlarmDescription") or each.get("StateReason") or ""
        yield problem("alarms", f"{each['AlarmName']}: {about}", "See docs/operations.md.")
    if not found and not patient.deployment.is_local:
        yield warning("alarms", "the stack has none")
    elif not ringing:
        yield ok("alarms", f"none of {len(found)} rings")


def _alarms(patient: Patient) -> Iterator[Any]:
    """Those of the stack: CloudFormation names each after it."""
    client = patient.aws.client("cloudwatch")
    query: dict[str, Any] = {"AlarmNamePrefix": f"{patient.aws.stack}-"}
    while True:
        with speaking_to_aws():
            page = client.describe_alarms(**query)
        yield from page.get("MetricAlarms", [])
        yield from page.get("CompositeAlarms", [])
        if not page.get("NextToken"):
            return
        query["NextToken"] = page["NextToken"]
