"""What `make audit` says and answers, for everything that the services may say."""

import io
import json
from collections.abc import Mapping
from subprocess import CompletedProcess
from typing import Any

import pytest
from rich.console import Console

from supply import audit
from supply.audit import Finding, Runner, Verdict
from supply.locks import LAYER, PAGES

FINE = {"name": "idna", "version": "3.20", "vulns": []}
WEAK = {
    "name": "urllib3",
    "version": "2.8.0",
    "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.8.1"]}],
}
SKIPPED = {"name": "tzdata", "skip_reason": "not found"}
BROKEN = (1, "", "Traceback\n  deep inside\nConnectionError: no route")
WEAKNESS = Finding("urllib3 2.8.0", ("PYSEC-2026-1", "CVE-2026-1"), "fixed in 2.8.1")


def saying(**answers: tuple[int, str, str]) -> Runner:
    """Tools that answer (status, stdout, stderr) for `pypi`, `osv` and `npm`."""

    def run(command: list[str]) -> CompletedProcess[str]:
        [which] = [each for each in answers if each in command]
        return CompletedProcess(command, *answers[which])

    return run


def dependencies(*found: dict[str, Any]) -> tuple[int, str, str]:
    return 0, json.dumps({"dependencies": found, "fixes": []}), "Found something"


def npm_report(**vulnerabilities: Any) -> tuple[int, str, str]:
    content = {
        "auditReportVersion": 2,
        "vulnerabilities": vulnerabilities,
        "metadata": {"dependencies": {"total": 3}},
    }
    return 1 if vulnerabilities else 0, json.dumps(content), ""


def test_nothing_known_is_good() -> None:
    verdict = audit.of_python(LAYER, saying(pypi=dependencies(FINE)))
    assert (verdict.packages, verdict.findings, verdict.unchecked) == (1, [], [])
    assert said([verdict])[0] == 0


def test_a_known_weakness_fails_and_is_named() -> None:
    verdict = audit.of_python(LAYER, saying(pypi=dependencies(FINE, WEAK)))
    assert verdict.findings == [WEAKNESS]
    status, words = said([verdict])
    assert status == 1
    assert "urllib3 2.8.0: PYSEC-2026-1 CVE-2026-1, fixed in 2.8.1" in words


def test_another_service_is_asked_when_the_first_is_silent() -> None:
    verdict = audit.of_python(LAYER, saying(pypi=BROKEN, osv=dependencies(WEAK)))
    assert verdict.findings == [WEAKNESS]
    assert verdict.unchecked == []


def test_what_one_service_found_holds_when_the_other_is_silent() -> None:
    verdict = audit.of_python(LAYER, saying(pypi=dependencies(WEAK, SKIPPED), osv=BROKEN))
    assert verdict.findings == [WEAKNESS]
    assert verdict.unchecked == [
        "pypi: 1 packages, the first: not found",
        "osv: ConnectionError: no route",
    ]
    assert said([verdict])[0] == 1


@pytest.mark.parametrize("pypi", [BROKEN, dependencies(SKIPPED), (0, "[]", ""), (2, "", "")])
def test_no_service_is_no_failure_but_loud(pypi: tuple[int, str, str]) -> None:
    verdict = audit.of_python(LAYER, saying(pypi=pypi, osv=BROKEN))
    assert verdict.packages == 0
    status, words = said([verdict])
    assert status == 0
    assert "NOT CHECKED" in words
    assert "ConnectionError: no route" in words


def test_npm_is_asked_too() -> None:
    via = {"source": 1, "url": "https://github.com/advisories/GHSA-aaaa", "title": "Bad"}
    weak = {"via": [via, "another"], "range": "<2", "fixAvailable": True}
    verdict = audit.of_npm(PAGES, saying(npm=npm_report(thing=weak)))
    assert verdict.findings == [Finding("thing <2", ("GHSA-aaaa",), "a fix exists")]
    assert said([verdict])[0] == 1
    assert said([audit.of_npm(PAGES, saying(npm=npm_report()))])[0] == 0


@pytest.mark.parametrize(
    "answer",
    [
        (1, json.dumps({"message": "405 Method Not Allowed", "statusCode": 405}), ""),
        (1, "", "405 Method Not Allowed"),
    ],
)
def test_npm_without_an_audit_is_loud(answer: tuple[int, str, str]) -> None:
    status, words = said([audit.of_npm(PAGES, saying(npm=answer))])
    assert status == 0
    assert "NOT CHECKED" in words
    assert "405 Method Not Allowed" in words


def test_what_was_accepted_with_a_reason_is_still_named() -> None:
    reasons = {"CVE-2026-1": "we never unpack bombs"}
    status, words = said([Verdict("a lock", 1, [WEAKNESS])], reasons)
    assert status == 0
    assert "(accepted: we never unpack bombs)" in words


def said(verdicts: list[Verdict], accepted: Mapping[str, str] = audit.ACCEPTED) -> tuple[int, str]:
    """The exit status and the words of the report."""
    console = Console(file=io.StringIO(), width=200, markup=False)
    status = audit.report(verdicts, console, accepted)
    assert isinstance(console.file, io.StringIO)
    return status, console.file.getvalue()
