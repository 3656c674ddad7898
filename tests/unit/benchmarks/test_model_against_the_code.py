"""What the model says of the shipped code and of the settings is what they are."""

import ast
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.model import local, shape
from benchmarks.model.limits import AWS
from benchmarks.model.settings import CONCURRENCY_MAX, DEFAULT, SLICES_MAX
from carillon.adapters.messages_table import STATEMENTS_MAX
from carillon.adapters.queues import DELAY_MAX_S, ENTRIES_MAX
from carillon.models.message import PARTITIONS
from carillon.policy.pace import HORIZON
from carillon.usecases.passes import PAGE_MESSAGES, TURN_S
from carillon.usecases.slicing import PAGE_CLIENTS
from local import context

ROOT = Path(__file__).parents[3]


def constant(module: str, name: str) -> object:
    """The value of a module's constant, without importing the CDK."""
    for node in ast.parse((ROOT / module).read_text()).body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                return ast.literal_eval(node.value)
    raise LookupError(f"{module} has no {name}")


def test_pages_and_batches_are_those_of_the_code() -> None:
    assert shape.PAGE_CLIENTS == PAGE_CLIENTS
    assert shape.VERIFY_PAGE == PAGE_MESSAGES
    assert shape.TURN_S == TURN_S
    assert shape.PARTITION_KEYS == PARTITIONS
    assert HORIZON.total_seconds() == shape.PACE_HORIZON_S
    assert AWS.statements_max == STATEMENTS_MAX
    assert AWS.queue_batch_max == ENTRIES_MAX
    assert AWS.queue_delay_max_s == DELAY_MAX_S


@pytest.mark.parametrize("function", ["fanout", "sender", "stats"])
def test_functions_have_the_memory_that_they_get(function: str) -> None:
    assert shape.MEMORY_MB[function] == constant(f"infra/{function}.py", "_MEMORY_MB")


def test_event_sources_are_those_of_the_template() -> None:
    assert constant("infra/sender.py", "_BATCH") == shape.SENDER_BATCH
    assert constant("infra/stats.py", "_BATCH") == shape.STATS_BATCH
    assert constant("infra/queues.py", "MESSAGE_WINDOW_S") == shape.QUEUE_WINDOW_S


def test_the_local_stack_is_the_one_that_is_checked_against() -> None:
    assert local.SETTINGS.slices == int(context.SLICES)
    assert local.SETTINGS.fanout_concurrency == int(context.CONCURRENCY)
    assert local.SETTINGS.sender_concurrency == int(context.CONCURRENCY)


def test_settings_are_the_defaults_of_a_deployment() -> None:
    written = (ROOT / "docs" / "settings.md").read_text().splitlines()
    rows = [[cell.strip(" `") for cell in line.split("|")[1:]] for line in written if "|" in line]
    defaults = {row[0]: row[2] for row in rows if len(row) > 3}
    for name, value in asdict(DEFAULT).items():
        assert defaults[name] == ("none" if value is None else str(value)), name
    allowed = {row[0]: row[1] for row in rows if len(row) > 3}
    assert f"at most {SLICES_MAX}" in allowed["slices"]
    assert f"at most {CONCURRENCY_MAX:,}" in allowed["sender_concurrency"]
