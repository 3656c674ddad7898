"""What is logged from which level on, and the queries that find it."""

import re

from infra.environment import Environment
from infra.log_queries import LINES_MAX
from tests.infra.template import Template, target, text
from tests.vocabulary import POWERTOOLS, documented

KINDS = {"WARNING": "WARN"}
"""Lambda's own name of a level, where it differs from Python's."""


def test_each_function_has_its_own_level_or_that_of_all(passing_template: Template) -> None:
    levels = {}
    for name, function in passing_template.functions().items():
        level = function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"]
        assert function["LoggingConfig"]["ApplicationLogLevel"] == KINDS.get(level, level)
        levels[name] = level
    others = dict.fromkeys(passing_template.functions().keys() - {"sender", "api"}, "INFO")
    assert levels == {"sender": "WARNING", "api": "DEBUG", **others}


def test_levels_come_as_text_or_as_a_table() -> None:
    table = {"sender": "WARNING", "api": "DEBUG"}
    for given in ("sender=WARNING,api=DEBUG", "sender = WARNING, api = DEBUG", table):
        assert Environment.of({"log_levels": given}).log_levels == table
    assert Environment.of({"log_levels": ""}).log_levels == {}
    assert Environment().level_of("sender") == "INFO"


def test_nothing_samples_or_holds_back_lines(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        for function in each.functions().values():
            names = function["Environment"]["Variables"]
            assert not [name for name in names if "SAMPLE" in name or "BUFFER" in name]


def test_the_queries_read_the_logs_of_all_functions(template: Template) -> None:
    groups = {
        target(function["LoggingConfig"]["LogGroup"]) for function in template.functions().values()
    }
    queries = template.of_type("AWS::Logs::QueryDefinition").values()
    assert {each["Name"] for each in queries} == {
        "Carillon/One mailing",
        "Carillon/One message",
        "Carillon/One client",
    }
    for each in queries:
        assert {target(group) for group in each["LogGroupNames"]} == groups
        assert f"| limit {LINES_MAX}" in each["QueryString"]


def test_each_parameter_of_a_query_is_asked_for_and_used(template: Template) -> None:
    for each in template.of_type("AWS::Logs::QueryDefinition").values():
        asked = {parameter["Name"] for parameter in each["Parameters"]}
        assert set(re.findall(r"{{(\w+)}}", each["QueryString"])) == asked
        assert all(parameter["DefaultValue"] for parameter in each["Parameters"])


def test_the_queries_know_only_keys_that_lines_have(template: Template) -> None:
    for each in template.of_type("AWS::Logs::QueryDefinition").values():
        bare = re.sub(r'"[^"]*"', "", each["QueryString"])
        words = set(re.findall(r"(?<!@)\b[a-z_]{4,}\b", bare))
        commands = {"fields", "filter", "sort", "limit", "like", "ispresent"}
        assert words - commands <= documented() | POWERTOOLS


def test_who_cannot_save_queries_leaves_them_out(passing_template: Template) -> None:
    assert not passing_template.of_type("AWS::Logs::QueryDefinition")


def test_each_log_group_is_told(template: Template) -> None:
    outputs = template.content["Outputs"]
    for name, function in template.functions().items():
        told = outputs[f"{name.capitalize()}Logs"]["Value"]
        assert text(told) == text(function["LoggingConfig"]["LogGroup"])
