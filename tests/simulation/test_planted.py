"""The checkers are proved: faults planted in our own code are found."""

from pathlib import Path

import pytest

from tests.simulation.planted import PLANTED, Planted
from tests.simulation.planting import ROOT, hunt, plant


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(each, marks=() if each.is_found_soon else pytest.mark.long, id=each.name)
        for each in PLANTED
    ],
)
def test_a_planted_fault_is_found(planted: Planted) -> None:
    found = hunt(planted)
    assert found is not None
    assert set(found.checkers) & set(planted.checkers), found


@pytest.mark.parametrize("planted", PLANTED, ids=lambda each: each.name)
def test_a_planted_fault_fits_the_code(planted: Planted, tmp_path: Path) -> None:
    path = tmp_path / planted.file
    path.parent.mkdir(parents=True)
    path.write_text((ROOT / planted.file).read_text(encoding="utf-8"), encoding="utf-8")
    plant(planted, tmp_path)


def test_one_that_does_not_fit_is_told(tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text("twice twice", encoding="utf-8")
    with pytest.raises(ValueError, match="not once"):
        plant(Planted("a", "some.py", "twice", "once", ("all_settled",)), tmp_path)
