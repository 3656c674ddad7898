"""What the run of planted faults makes of mutmut's results."""

import json
from pathlib import Path

import pytest

from tests.mutation.explained import Match
from tests.mutation.faults import Fault, read_faults
from tests.mutation.report import report

BROKEN = '''
class Desk:
    def xǁDeskǁopen__mutmut_orig(self, hours: int) -> bool:
        """When it opens."""
        return hours > 9

    def xǁDeskǁopen__mutmut_1(self, hours: int) -> bool:
        """When it opens."""
        return hours >= 9


def x_close__mutmut_orig(
    hours: int,
) -> bool:
    if hours:
        return True
    return False


def x_close__mutmut_1(
    hours: int,
) -> bool:
    if hours:
        return False
    return False
'''

CLOSE = ("def close(", "    hours: int,", ") -> bool:", "    if hours:")
"""The lines before the fault."""


def _left_behind(folder: Path, ended: dict[str, int | None]) -> list[Fault]:
    module = folder / "mutants/src/carillon/policy/desk.py"
    module.parent.mkdir(parents=True)
    module.write_text(BROKEN, encoding="utf-8")
    results = {f"carillon.policy.desk.{name}": code for name, code in ended.items()}
    module.with_suffix(".py.meta").write_text(json.dumps({"exit_code_by_key": results}))
    return list(read_faults(folder))


def test_a_fault_is_told_as_what_it_changes_and_where(tmp_path: Path) -> None:
    opened, closed = _left_behind(tmp_path, {"xǁDeskǁopen__mutmut_1": 0, "x_close__mutmut_1": 1})
    assert (opened.module, opened.function) == ("policy/desk.py", "Desk.open")
    assert opened.diff == ("-return hours > 9", "+return hours >= 9")
    assert (closed.module, closed.function) == ("policy/desk.py", "close")
    assert (closed.removed, closed.added) == ("return True", "return False")
    assert closed.above == "if hours:"


@pytest.mark.parametrize(
    ("ended", "survived"),
    [(0, True), (33, True), (1, False), (-24, False), (-11, False), (None, False)],
    ids=["passed", "not reached", "failed", "hung", "crashed", "not tried"],
)
def test_what_survives(ended: int | None, survived: bool) -> None:
    assert _fault(ended).survived == survived


def _fault(ended: int | None = 0) -> Fault:
    before, after = (*CLOSE, "        return True"), (*CLOSE, "        return False")
    return Fault("policy/desk.py", "close", before, after, ended)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match("policy/desk.py", "close"), True),
        (Match("policy/desk.py", "close", "return True", "return False", above="if hours:"), True),
        (Match(change=r"return True -> return \w+"), True),
        (Match(change="return True"), False),
        (Match("policy/desk.py", "open"), False),
        (Match("policy/desk.py", removed="return False"), False),
        (Match("policy/desk.py", above="if not hours:"), False),
    ],
)
def test_an_explanation_means_what_it_names_and_nothing_else(match: Match, fits: bool) -> None:
    assert match.fits(_fault()) == fits


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ([_fault(1)], 0),
        ([_fault(1), _fault(0)], 1),
        ([_fault(1), _fault(None)], 1),
        ([], 1),
    ],
    ids=["all noticed", "one not", "one not tried", "none planted"],
)
def test_only_a_run_without_open_questions_succeeds(faults: list[Fault], code: int) -> None:
    assert report(faults, whole=False) == code


def test_a_survivor_that_nobody_explained_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    report([_fault()], whole=False)
    shown = capsys.readouterr().out
    assert "policy/desk.py close\n  -return True\n  +return False\n" in shown


def test_an_explanation_that_explains_nothing_any_more_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    noticed = Fault("policy/answers.py", "_status", CLOSE, CLOSE, 1)
    assert report([noticed], whole=False) == 1
    assert "explains nothing any more: Match(module='policy/answers.py'" in capsys.readouterr().out


def test_one_of_any_module_is_only_outdated_when_all_were_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for whole in (False, True):
        assert report([_fault(1)], whole=whole) == whole
        assert ("explains nothing any more" in capsys.readouterr().out) == whole
