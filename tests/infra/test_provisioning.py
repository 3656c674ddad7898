"""What is had ready before it is needed: off by default, and where it is asked for."""

from typing import Any

import pytest

from infra.environment import Environment, InvalidSettings
from tests.infra.template import Template, target

WARM = [
    "messages_warm_reads_per_s",
    "messages_warm_writes_per_s",
    "clients_warm_reads_per_s",
    "clients_warm_writes_per_s",
]


def warm(template: Template) -> dict[str, Any]:
    """By the part of the logical id that the code gave it."""
    return {
        name.removeprefix("Tables")[:-8]: table["WarmThroughput"]
        for name, table in template.of_type("AWS::DynamoDB::Table").items()
        if "WarmThroughput" in table
    }


def test_nothing_is_paid_for_ahead_unless_asked_for(
    template: Template, passing_template: Template, foreign_template: Template
) -> None:
    for each in (template, passing_template, foreign_template):
        assert warm(each) == {}
        assert each.of_type("AWS::Lambda::Version") == {}
        assert each.of_type("AWS::Lambda::Alias") == {}
        assert not [name for name, each in each.functions().items() if "SnapStart" in each]


def test_tables_stand_a_rush_that_was_announced(own_domain_template: Template) -> None:
    assert warm(own_domain_template) == {
        "Messages": {"WriteUnitsPerSecond": 30_000},
        "Clients": {"ReadUnitsPerSecond": 24_000, "WriteUnitsPerSecond": 4_000},
    }


def test_the_api_alone_starts_from_a_snapshot_and_is_invoked_by_its_alias(
    own_domain_template: Template,
) -> None:
    template = own_domain_template
    snapped = {name: each.get("SnapStart") for name, each in template.functions().items()}
    assert {name for name, each in snapped.items() if each} == {"api"}
    assert snapped["api"] == {"ApplyOn": "PublishedVersions"}

    [(alias, properties)] = template.of_type("AWS::Lambda::Alias").items()
    [version] = template.of_type("AWS::Lambda::Version")
    assert target(properties["FunctionVersion"]) == version
    assert (
        template.resource(target(properties["FunctionName"]))["Properties"]
        == (template.functions()["api"])
    )
    # The last version's snapshot costs as long as the version is there.
    assert template.resource(version).get("DeletionPolicy", "Delete") == "Delete"

    invoked = {
        target(each["IntegrationUri"])
        for each in template.of_type("AWS::ApiGatewayV2::Integration").values()
    }
    permissions = template.of_type("AWS::Lambda::Permission").values()
    permitted = {target(each["FunctionName"]) for each in permissions}
    assert alias in invoked
    assert permitted == invoked
    assert not {name for name in invoked if name.startswith("ApiFunction")} - {alias}


def test_tools_still_find_the_function_by_its_name(
    template: Template, own_domain_template: Template
) -> None:
    for each in (template, own_domain_template):
        output = each.content["Outputs"]["ApiFunction"]["Value"]
        assert each.resource(target(output))["Type"] == "AWS::Lambda::Function"


@pytest.mark.parametrize("name", WARM)
def test_no_table_is_asked_to_do_less_than_a_new_one_can(name: str) -> None:
    least = 12_000 if "reads" in name else 4_000

    assert getattr(Environment.of({name: str(least)}), name) == least
    with pytest.raises(InvalidSettings, match=f"{name}={least - 1}"):
        Environment.of({name: str(least - 1)})
    assert getattr(Environment.of({name: ""}), name) is None


def test_an_old_python_has_no_snapshots() -> None:
    with pytest.raises(InvalidSettings, match=r"lambda_python=3\.12"):
        Environment.of({"api_snap_start": "true", "lambda_python": "3.11"})
    assert Environment.of({"api_snap_start": "true", "lambda_python": "3.12"}).api_snap_start
