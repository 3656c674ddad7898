"""Everything foreign is pinned with hashes and under a licence that we accept."""

import re
from pathlib import Path

import pytest

from supply import licences
from supply.locks import BENCHMARK, LAYER, MACHINE, ROOT, npm_packages, python_packages


@pytest.mark.parametrize("lock", [LAYER, MACHINE, BENCHMARK], ids=lambda lock: lock.parent.name)
def test_every_python_package_is_pinned_with_hashes(lock: Path) -> None:
    packages = list(python_packages(lock))
    assert packages
    assert not [each.name for each in packages if not each.hashes]


def test_every_npm_package_is_pinned_with_a_hash() -> None:
    packages = list(npm_packages())
    assert packages
    assert not [each.name for each in packages if not each.hashes]
    assert all(value.startswith("sha512-") for each in packages for value in each.hashes)


def test_what_the_layer_ships_is_what_was_tested() -> None:
    machine = {(each.name, each.version) for each in python_packages(MACHINE)}
    assert {(each.name, each.version) for each in python_packages(LAYER)} <= machine


def test_the_locks_name_no_place_to_load_from() -> None:
    for lock in (LAYER, MACHINE, BENCHMARK, ROOT / "package-lock.json"):
        # npm repeats whom its authors ask to pay; nothing is loaded from there.
        text = re.sub(r'("url"|"funding"): "https://[^"]+"', "", lock.read_text())
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|@ ?git", text)


def test_nothing_is_installed_around_the_locks() -> None:
    """Of all commands that install, only those that insist on hashes, and Debian's own."""
    lines = [
        line.strip()
        for file in ("Makefile", ".ci/run", "infra/layers.py")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(pip (install|sync)|npm (install|ci)|npx|curl|wget)\b", line)
    ]
    assert lines
    assert not [
        line
        for line in lines
        if "--require-hashes" not in line
        and "npm ci" not in line
        and "npm install --package-lock-only" not in line
    ]


def test_every_licence_is_accepted_and_listed() -> None:
    python, npm = list(licences.installed()), list(licences.from_npm())
    assert not licences.refused([*python, *npm])

    page = licences.FILE.read_text(encoding="utf-8")
    listed, begins_tools = page.split("## What builds")
    shipped = [line for line in licences.page(python, npm).splitlines() if "| PyPI |" in line]
    assert shipped
    assert not [line for line in shipped if line not in listed], "run make licences"
    tools = {name for line in begins_tools.splitlines() for name in re.split(r"[|, ]+", line)}
    shipped_names = {line.split()[1] for line in listed.splitlines() if line.startswith("| ")}
    everywhere = {licences.plain(each.name) for each in licences.on_every_machine()}
    assert not everywhere - tools - shipped_names, "run make licences"


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "UNKNOWN", "MIT; GPL-3.0-only", "MIT AND X"])
def test_another_licence_is_refused(licence: str) -> None:
    package = licences.Licensed("thing", "1.0", licence, "PyPI")
    assert licences.refused([package]) == [package]
