"""Rules for every function: its own log, role and settings, and the source that invokes it."""

import importlib
import json

import pytest

from benchmarks.one_process import Shape
from carillon.adapters.trials_table import PREFIX
from infra.assets import ROOT
from tests.infra.template import Template, target, text

WANTED_ONLY = {"digest"}  # deployed for whoever asks for it: see test_digest.py
FUNCTIONS = sorted(
    {folder.parent.name for folder in (ROOT / "functions").glob("*/handler.py")} - WANTED_ONLY
)
SETTINGS_BESIDE = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "PYDANTIC_DISABLE_PLUGINS",
}
TAKES_FROM_QUEUE = ["fanout", "importer", "sender"]
READS_STREAM = ["planner", "stats"]


def test_each_function_folder_has_its_file_in_infra_and_is_deployed(template: Template) -> None:
    infra = {file.stem for file in (ROOT / "infra").glob("*.py")}
    users = {
        file.stem
        for file in (ROOT / "infra").glob("*.py")
        if "(PythonFunction)" in file.read_text()
    }

    assert [
        *("api", "fanout", "importer", "page", "planner", "sender", "stats", "widget")
    ] == FUNCTIONS
    assert users == set(FUNCTIONS) | WANTED_ONLY <= infra
    assert set(template.functions()) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_gets_exactly_the_settings_that_it_reads(
    template: Template, function: str
) -> None:
    module = importlib.import_module(f"functions.{function}.settings")
    settings = getattr(module, f"{function.capitalize()}Settings")
    variables = template.functions()[function]["Environment"]["Variables"]

    fields = settings.__dataclass_fields__ if function == "page" else settings.model_fields
    read = {name.upper() for name in fields}
    assert set(variables) - SETTINGS_BESIDE == read
    settings.from_env({name: text(value) for name, value in variables.items()})


def test_a_function_imports_its_own_code_and_both_layers(template: Template) -> None:
    layers = set(template.of_type("AWS::Lambda::LayerVersion"))

    for name, function in template.functions().items():
        assert function["Handler"] == f"functions.{name}.handler.handler"
        assert {target(layer) for layer in function["Layers"]} == layers
        assert len(layers) == 2


def test_functions_and_layers_agree_on_python_and_processor(template: Template) -> None:
    for function in template.functions().values():
        assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])
    for layer in template.of_type("AWS::Lambda::LayerVersion").values():
        assert layer["CompatibleRuntimes"] == ["python3.14"]
        assert layer["CompatibleArchitectures"] == ["arm64"]


def test_no_two_functions_share_a_role(template: Template) -> None:
    roles = [target(function["Role"]) for function in template.functions().values()]

    assert len(set(roles)) == len(FUNCTIONS)
    for role in roles:
        assert "ManagedPolicyArns" not in template.resource(role)["Properties"]


def test_each_function_logs_json_to_a_group_of_its_own(template: Template) -> None:
    groups = set()
    for name, function in template.functions().items():
        logging = function["LoggingConfig"]
        group = target(logging["LogGroup"])
        groups.add(group)
        assert (logging["LogFormat"], logging["ApplicationLogLevel"]) == ("JSON", "INFO")
        assert function["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == "INFO"
        written = [
            grant for grant in template.grants_of(name) if "logs:PutLogEvents" in grant.actions
        ]
        assert [text(grant.resources[0]) for grant in written] == [f"{{{group}.Arn}}"]
    assert len(groups) == len(FUNCTIONS)


def test_every_log_group_forgets(template: Template, passing_template: Template) -> None:
    groups = template.of_type("AWS::Logs::LogGroup").values()

    assert {group["RetentionInDays"] for group in groups} == {30}
    assert len(groups) == len(FUNCTIONS) + 1  # and the API's access log
    shorter = passing_template.of_type("AWS::Logs::LogGroup").values()
    assert {group["RetentionInDays"] for group in shorter} == {7}


def test_no_setting_takes_a_name_that_lambda_reserves(template: Template) -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    reserved = ("AWS_", "_", "LAMBDA_")
    for function in template.functions().values():
        variables = function["Environment"]["Variables"]
        assert not [name for name in variables if name.startswith(reserved)]


def test_concurrency_is_reserved_only_if_asked_for_as_a_new_account_has_too_little(
    template: Template, passing_template: Template
) -> None:
    reserved = {
        name: function.get("ReservedConcurrentExecutions")
        for name, function in passing_template.functions().items()
    }

    asked_for = {"api": 5, "fanout": 4, "sender": 3}
    assert reserved == dict.fromkeys(FUNCTIONS) | asked_for
    for function in template.functions().values():
        assert "ReservedConcurrentExecutions" not in function


def test_no_source_can_take_all_of_an_account(template: Template) -> None:
    """1,000 is what a grown account has; a queue's source grows to all of it unless it is told."""
    queues = [template.event_sources()[name] for name in TAKES_FROM_QUEUE]
    streams = [template.event_sources()[name] for name in READS_STREAM]

    assert sum(each["ScalingConfig"]["MaximumConcurrency"] for each in queues) <= 32
    assert {each["ParallelizationFactor"] for each in streams} == {1}


def test_tracing_is_off(template: Template) -> None:
    for function in template.functions().values():
        assert function.get("TracingConfig", {}).get("Mode", "PassThrough") == "PassThrough"


def test_lambda_lets_go_round_what_sends_to_its_own_queue(template: Template) -> None:
    for name, function in template.functions().items():
        source = template.event_sources().get(name, {}).get("EventSourceArn")
        feeds_itself = any(
            "sqs:SendMessage" in grant.actions and source in grant.resources
            for grant in template.grants_of(name)
        )
        assert function.get("RecursiveLoop") == ("Allow" if feeds_itself else None), name
    assert template.functions()["sender"]["RecursiveLoop"] == "Allow"


@pytest.mark.parametrize("function", TAKES_FROM_QUEUE)
def test_a_queue_hides_a_record_six_times_as_long_as_its_consumer_may_run(
    template: Template, passing_template: Template, function: str
) -> None:
    for each in (template, passing_template):
        source = each.event_sources()[function]
        queue = each.resource(target(source["EventSourceArn"]))["Properties"]
        timeout_s = each.functions()[function]["Timeout"]
        window_s = source.get("MaximumBatchingWindowInSeconds", 0)
        assert queue["VisibilityTimeout"] >= 6 * timeout_s + window_s


def test_queue_sources(template: Template, passing_template: Template) -> None:
    sources = [template.event_sources()[name] for name in TAKES_FROM_QUEUE]
    fanout, importer, sender = sources

    assert [source["BatchSize"] for source in sources] == [1, 1, 100]
    assert sender["MaximumBatchingWindowInSeconds"] == 1
    for source in sources:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert fanout["ScalingConfig"] == {"MaximumConcurrency": 10}
    assert importer["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert sender["ScalingConfig"] == {"MaximumConcurrency": 20}
    narrowed = passing_template.event_sources()
    assert narrowed["fanout"]["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert narrowed["sender"]["ScalingConfig"] == {"MaximumConcurrency": 3}


@pytest.mark.parametrize("function", READS_STREAM)
def test_a_stream_is_read_from_its_beginning_and_gives_up_in_the_end(
    template: Template, function: str
) -> None:
    source = template.event_sources()[function]

    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["BisectBatchOnFunctionError"] is True
    assert source["ParallelizationFactor"] == 1
    assert 0 < source["MaximumRetryAttempts"] <= 10_000
    stream_lasts_s = 24 * 3600
    assert 60 <= source["MaximumRecordAgeInSeconds"] < stream_lasts_s
    destination = source["DestinationConfig"]["OnFailure"]["Destination"]
    assert template.resource(target(destination))["Type"] == "AWS::SQS::Queue"
    assert any(
        "sqs:SendMessage" in grant.actions and destination in grant.resources
        for grant in template.grants_of(function)
    )


def test_every_function_but_those_that_somebody_asks_has_one_source(template: Template) -> None:
    assert set(template.event_sources()) == {*TAKES_FROM_QUEUE, *READS_STREAM}
    assert len(template.of_type("AWS::Lambda::EventSourceMapping")) == 5


def test_planner_sees_mailings_and_new_trials_only(template: Template) -> None:
    source = template.event_sources()["planner"]
    mailings, trials = (json.loads(each["Pattern"]) for each in source["FilterCriteria"]["Filters"])

    assert mailings == {"dynamodb": {"Keys": {"item": {"S": ["mailing"]}}}}
    assert trials == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"item": {"S": [{"prefix": PREFIX}]}}},
    }
    # Planning twice is harmless, so a failure fails the batch and all of it comes again.
    assert "FunctionResponseTypes" not in source
    assert source["BatchSize"] == 100


def test_stats_are_counted_in_large_batches_at_most_a_second_late(
    template: Template, passing_template: Template
) -> None:
    source = template.event_sources()["stats"]

    assert source["BatchSize"] == 1000
    assert source["MaximumBatchingWindowInSeconds"] <= 1
    assert source["TumblingWindowInSeconds"] == 30
    assert "FilterCriteria" not in source
    # A batch is counted in one transaction or not at all; and a window's answer is its state.
    assert "FunctionResponseTypes" not in source
    assert "TumblingWindowInSeconds" not in passing_template.event_sources()["stats"]


def test_what_is_counted_runs_in_the_shape_of_the_template(template: Template) -> None:
    """Else the budget of a message would be that of another stack."""
    shape, functions = Shape(), template.functions()
    for name, batch in shape.batches.items():
        assert template.event_sources()[name]["BatchSize"] == batch
        assert functions[name]["MemorySize"] == shape.memory_mb[name]
    assert functions["fanout"]["Environment"]["Variables"]["SLICES"] == str(shape.slices)
