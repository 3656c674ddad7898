"""The report, by what a reader finds in it; and parts that are run again."""

from pathlib import Path

from benchmarks.report import SECTIONS, markdown
from benchmarks.results import Results
from benchmarks.targets import verdicts
from tests.unit.benchmarks.recorded import results


def _rows(text: str, *cells: str) -> list[list[str]]:
    """The cells of each row of a table that begins with these."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return [row for row in rows if row[: len(cells)] == list(cells)]


def _report(**more: object) -> str:
    values = results() | more
    return markdown(values | {"targets": verdicts(values)})


def test_verdicts_come_first_and_the_machine_before_them() -> None:
    text = _report()
    assert text.index("2 cores (Some CPU)") < text.index("## To reach") < text.index("## A mailing")
    [row] = _rows(text, "CPU per message, our code")
    assert row[1:] == ["≤ 1.5 ms", "1.40", "reached"]
    assert "- import of a handler, cold, the slowest: api 0.50 s" in text


def test_a_figure_is_a_median_with_the_least_and_the_greatest() -> None:
    [row] = _rows(_report(), "0 ms", "100", "100 (90.9–111)")
    assert row[3:] == ["0.50 (0.50–0.50)", "1.00 (0.90–1.10)", "2.00 (1.90–2.10)", "7 (7–7)",
                       "0.25 (0.25–0.25)"]  # fmt: skip


def test_the_reference_stands_beside_ours_with_the_ratio() -> None:
    [best] = _rows(_report(), "200 ms", "Celery, best")
    assert best[2:6] == ["100", "50.0", "2.00 ×", "3.00"]


def test_what_was_not_measured_has_no_section_and_says_so() -> None:
    text = _report(reference={}, not_run={"reference": "Redis is not installed: apt-get …"})
    assert "Beside Celery" not in text
    assert "**Not run: `reference`.** Redis is not installed" in text
    assert text.count("\n## ") == 2 + sum(
        any(results().get(key) for key in keys) for keys, _, _ in SECTIONS
    ) - 1  # fmt: skip


def test_counts_bills_and_the_model_are_told_in_their_own_shapes() -> None:
    line = {"number": 3040.0, "list": 1.9, "with_free": 1.2}
    bill = {"lines": {"write units": line}, "list": 1.9, "with_free": 1.2}
    text = _report(
        counts={
            "messages": 1000,
            "write_units": {"messages": 3000, "stats": 40},
            "read_units": {"messages": 800},
            "sqs_requests": {"SendMessageBatch": 100},
            "invocations": {"sender": 10},
            "billed_ms": {"sender": 2000.0},
            "memory_mb": {"sender": 1024},
            "gateway_calls": 1000,
            "log_bytes": 50_000,
            "stream_records": 3000,
        },
        bill={"million": bill, "idle_month": bill},
        model={
            "rows": [
                {
                    "recipients": 10_000,
                    "gateway_per_s": None,
                    "deployment": "default",
                    "finished_s": 17.8,
                    "peak_per_s": 1333.0,
                    "bottleneck": "the start",
                    "bill": {"total": 0.04},
                }
            ]
        },
    )
    assert _rows(text, "write units") == [
        ["write units", "3.04"],
        ["write units", "3,040", "1.900", "1.200"],
        ["write units", "3,040", "1.900", "1.200"],
    ]
    assert _rows(text, "log bytes") == [["log bytes", "50.0"]]
    [row] = _rows(text, "10,000")
    assert row[1:] == ["any pace", "default", "17.8", "1,333", "the start", "0.04"]


def test_a_part_that_is_run_again_replaces_its_figures_and_no_others(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    first = Results()
    first.merge("cold", {"cold_starts": {"api": 0.9}}, took_s=1, runs=3, quick=False)
    first.merge("fanout", {"fanout": {"clients": 5}}, took_s=2, runs=3, quick=False)
    first.miss("reference", "no servers", failed=False)
    first.save(file)
    second = Results.load(file)
    second.merge("cold", {"cold_starts": {"api": 0.3}}, took_s=4, runs=1, quick=True)
    assert second.values["cold_starts"] == {"api": 0.3}
    assert second.values["fanout"] == {"clients": 5}
    assert second.values["parts"]["cold"]["runs"] == 1
    assert second.values["parts"]["fanout"]["runs"] == 3
    assert second.values["not_run"] == {"reference": "no servers"}
    second.merge("reference", {"reference": {}}, took_s=4, runs=1, quick=True)
    assert second.values["not_run"] == {}


def test_without_a_report_there_is_nothing_yet(tmp_path: Path) -> None:
    assert Results.load(tmp_path / "none.json").values == {"parts": {}, "not_run": {}}
