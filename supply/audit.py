"""Asks the services that collect advisories about every pinned version.

A known weakness fails the run. A service that cannot be asked does not, because the same commit
must pass on a machine without a way out, but it is said so that nobody reads past it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel

from supply.locks import BENCHMARK, LAYER, MACHINE, PAGES, ROOT

ACCEPTED: Mapping[str, str] = {}
"""Advisories that we live with, by their id, each with the reason why it does not concern us."""

_SERVICES = ("pypi", "osv")
"""What pip-audit can ask, the second if the first knows nothing of a package or does not answer."""

_CONNECTION_LIMIT_S = 10
_RUN_LIMIT_S = 300

Runner = Callable[[list[str]], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Finding:
    """What became known about one package; `ids` are the advisory's names, an alias each."""

    package: str
    ids: tuple[str, ...]
    cure: str


@dataclass
class Verdict:
    """What was found out about one lock file; `unchecked` says what could not be, and why."""

    lock: str
    packages: int = 0
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """A tool's whole answer; one that hangs has not answered."""
    try:
        return subprocess.run(  # noqa: S603 - pip-audit and npm, with arguments made here
            command, capture_output=True, text=True, check=False, timeout=_RUN_LIMIT_S, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer in {_RUN_LIMIT_S} s")


def of_python(lock: Path, runner: Runner = run) -> Verdict:
    """What is known about a lock made by uv; what one service says holds whatever another says."""
    together = Verdict(str(lock.relative_to(ROOT)))
    for service in _SERVICES:
        verdict = _asked(service, lock, runner)
        together.packages = max(together.packages, verdict.packages)
        together.findings += verdict.findings
        together.unchecked += verdict.unchecked
        if not verdict.unchecked:
            together.unchecked.clear()
            break
    return together


def _asked(service: str, lock: Path, runner: Runner) -> Verdict:
    verdict = Verdict(str(lock.relative_to(ROOT)))
    done = runner(
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(lock)),
            *("--require-hashes", "--disable-pip", "--vulnerability-service", service),
            *("--timeout", str(_CONNECTION_LIMIT_S), "--progress-spinner", "off"),
            *("--format", "json", "--aliases", "on", "--desc", "off"),
        ]
    )
    answer = _json(done.stdout)
    if answer is None:
        verdict.unchecked.append(f"{service}: {_last_line(done.stderr)}")
        return verdict
    skipped = [each for each in answer["dependencies"] if "skip_reason" in each]
    if skipped:
        reason = skipped[0]["skip_reason"]
        verdict.unchecked.append(f"{service}: {len(skipped)} packages, the first: {reason}")
    for each in answer["dependencies"]:
        verdict.packages += "skip_reason" not in each
        for known in each.get("vulns", []):
            fixes = ", ".join(known["fix_versions"])
            verdict.findings.append(
                Finding(
                    package=f"{each['name']} {each['version']}",
                    ids=(known["id"], *known.get("aliases", [])),
                    cure=f"fixed in {fixes}" if fixes else "no fix yet",
                )
            )
    return verdict


def of_npm(lock: Path = PAGES, runner: Runner = run) -> Verdict:
    """What is known about npm's lock."""
    verdict = Verdict(str(lock.relative_to(ROOT)))
    done = runner(["npm", "audit", "--package-lock-only", "--json"])
    answer = _json(done.stdout)
    if answer is None or "auditReportVersion" not in answer:
        told = (answer or {}).get("message") or _last_line(done.stderr)
        verdict.unchecked.append(f"npm: {told}")
        return verdict
    verdict.packages = answer["metadata"]["dependencies"]["total"]
    for name, known in answer["vulnerabilities"].items():
        advisories = [each for each in known["via"] if isinstance(each, dict)]
        # One that is only named by others came with them: they carry the advisory.
        for each in advisories:
            verdict.findings.append(
                Finding(
                    package=f"{name} {known['range']}",
                    ids=(each["url"].rpartition("/")[2],),
                    cure="a fix exists" if known["fixAvailable"] else "no fix yet",
                )
            )
    return verdict


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def report(
    verdicts: list[Verdict], console: Console, accepted: Mapping[str, str] = ACCEPTED
) -> int:
    """Say what was found and what could not be looked for; an exit status."""
    serious = 0
    for each in verdicts:
        known = f"{len(each.findings)} weaknesses known" if each.findings else "nothing known"
        console.print(f"{each.lock}: {each.packages} packages checked, {known}")
        for found in each.findings:
            reasons = [accepted[name] for name in found.ids if name in accepted]
            note = f" (accepted: {reasons[0]})" if reasons else ""
            serious += not reasons
            console.print(f"  {found.package}: {' '.join(found.ids)}, {found.cure}{note}")
    unchecked = [f"{each.lock}\n  {why}" for each in verdicts for why in each.unchecked]
    if unchecked:
        title = "NOT CHECKED for known vulnerabilities"
        console.print(Panel("\n".join(unchecked), title=title, style="bold yellow"))
    return 1 if serious else 0


def audit() -> int:
    """All locks; an exit status, not 0 when a weakness is known."""
    verdicts = [*(of_python(lock) for lock in (LAYER, MACHINE, BENCHMARK)), of_npm()]
    return report(verdicts, Console(markup=False, highlight=False))
