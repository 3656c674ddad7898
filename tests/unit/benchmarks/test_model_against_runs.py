"""The model of a machine against runs that were measured on one, and what it says of itself."""

import json
from dataclasses import replace

import pytest

from benchmarks.deliveries import Delivery
from benchmarks.model import __main__ as command
from benchmarks.model import measured, money
from benchmarks.model.docs import filled
from benchmarks.model.figure import draw
from benchmarks.model.local import TOLERANCE, Machine, check
from benchmarks.model.scenario import Scenario
from benchmarks.model.settings import DEFAULT, Settings
from benchmarks.model.study import Study
from benchmarks.model.timings import Timings

RECORDED = measured.of({})


def test_recorded_runs_take_as_long_as_the_model_says() -> None:
    compared = check(RECORDED.deliveries, processors=RECORDED.processors)
    assert len(compared) == len(RECORDED.deliveries) >= 2
    assert [each for each in compared if not each.holds] == []


def test_runs_that_wait_for_the_gateway_take_as_long_as_the_model_says() -> None:
    """Two senders, a gateway of a second, 20,000 messages in 117 s: docs/adr/0010-fairness.md."""
    senders = Settings(slices=3, fanout_concurrency=4, sender_concurrency=2)
    machine = replace(Machine.of(RECORDED.deliveries, 2.0), settings=senders)
    assert machine.run(20_000, 1_000).last_s == pytest.approx(117, rel=TOLERANCE)


def test_a_model_that_is_wrong_is_found_out() -> None:
    slower = [replace(each, seconds=2 * each.seconds) for each in RECORDED.deliveries]
    quicker = [replace(each, seconds=each.seconds / 2) for each in RECORDED.deliveries]
    for wrong in (slower, quicker):
        assert not all(each.holds for each in check(wrong, processors=RECORDED.processors))


def test_more_cpu_for_a_message_takes_longer() -> None:
    def seconds(times: float) -> float:
        runs = [_costing(each, times) for each in RECORDED.deliveries]
        return check(runs, processors=RECORDED.processors)[-1].predicted_s

    assert seconds(2) > 1.5 * seconds(1)


def _costing(run: Delivery, times: float) -> Delivery:
    return replace(run, cpu_s={name: times * spent for name, spent in run.cpu_s.items()})


def test_a_bill_is_of_counts_prices_and_seconds() -> None:
    course = Scenario(recipients=10_000, settings=DEFAULT).run()
    each, prices = RECORDED.per_message, money.Prices()
    bill = money.bill(course, each, prices)
    assert bill.lines["writes"] == pytest.approx(10_000 * each.write_units * 0.625e-6)
    slow = Scenario(recipients=10_000, settings=DEFAULT, timings=Timings(gateway_s=5.0)).run()
    slower = money.bill(slow, each, prices)
    assert slower.lines["functions"] > 2 * bill.lines["functions"]
    assert slower.lines["writes"] == bill.lines["writes"]
    assert bill.total == pytest.approx(sum(bill.lines.values()))


def test_a_report_comes_before_what_is_recorded() -> None:
    recorded = json.loads(measured.RECORDED.read_text())
    run = recorded["deliveries"][0] | {"clients": 1_000, "rate": 99.0}
    known = measured.of({"machine": {"cores": 8}, "deliveries": [run]})
    assert [each.clients for each in known.deliveries] == [1_000]
    assert known.per_message == RECORDED.per_message
    assert known.processors == [8 - run.get("others", 0.0)]


def test_the_figure_says_what_it_shows() -> None:
    figure = draw(Study(RECORDED, money.Prices()), sizes=(10_000, 100_000))
    assert "prefers-color-scheme: dark" in figure
    assert "10,000 recipients" in figure
    assert "100,000 recipients" in figure
    assert figure.count("<polyline") == 4


def test_the_page_keeps_its_words_around_the_tables() -> None:
    page = "before\n<!-- check -->\nold\n<!-- end of check -->\nafter\n"
    assert filled(page, {"check": ["new", "lines"]}) == page.replace("old", "new\nlines")
    with pytest.raises(ValueError, match="not enough values"):
        filled("no marks", {"check": []})


def test_the_command_is_asked_for_json_or_a_page() -> None:
    with pytest.raises(SystemExit) as asked:
        command.main(["--nonsense"])
    assert asked.value.code == 2
