"""Who may touch what: time, chance, the environment, AWS, and whether it is local."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT, SHIPPED, attributes, imports, modules

CARILLON = "layers/shared/python/carillon"
PURE = (
    f"{CARILLON}/models",
    f"{CARILLON}/policy",
    f"{CARILLON}/usecases",
    f"{CARILLON}/errors.py",
    f"{CARILLON}/ports",
)
COMMAND_LINE_CALLBACK = "http://localhost:18473/callback"
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic"}
CHANCE = {"random", "secrets", "uuid"}
LOCAL = re.compile(r"ministack|localstack|localhost|is_local|127\.0\.0\.1|endpoint_url")


def test_time_chance_and_sleep_are_passed_in() -> None:
    taken = {
        str(module): sorted({*(CLOCKS & set(attributes(module))), *_outer_world(module)})
        for module in modules(*PURE)
    }
    assert not {module: names for module, names in taken.items() if names}


def _outer_world(module: Path) -> set[str]:
    return {each for each in imports(module) if each.split(".")[0] in {*CHANCE, "os", "time"}}


def test_only_settings_read_the_environment() -> None:
    # The page's function reads its one variable itself: what all share takes long to import.
    may = {Path(CARILLON, "settings.py"), Path("functions/page/settings.py")}
    reading = [
        str(module)
        for module in modules("functions", CARILLON)
        if module not in may and {"os.environ", "os.getenv"} & set(attributes(module))
    ]
    assert not reading


def test_nothing_that_ships_asks_whether_it_is_local() -> None:
    asking = [str(module) for module in modules(*SHIPPED) if LOCAL.search(_text(module))]
    assert not asking


def _text(module: Path) -> str:
    """Without the address on the operator's machine, in AWS as anywhere, of the way back."""
    text = (ROOT / module).read_text(encoding="utf-8").lower()
    return text.replace(COMMAND_LINE_CALLBACK, "")


def test_a_broad_except_stands_only_around_one_record_or_request() -> None:
    several = [
        str(module)
        for module in modules("functions")
        if (ROOT / module).read_text(encoding="utf-8").count("except Exception") > 1
    ]
    assert not several


def test_infra_mirrors_the_functions() -> None:
    functions = {
        each.name for each in (ROOT / "functions").iterdir() if (each / "handler.py").exists()
    }
    assert functions == {
        *("api", "digest", "fanout", "importer", "page", "planner", "sender", "stats", "widget"),
    }
    for name in functions:
        assert (ROOT / "infra" / f"{name}.py").exists()
        assert (ROOT / "functions" / name / "settings.py").exists()


def test_our_own_code_is_never_patched() -> None:
    patched = [
        str(module)
        for module in modules("tests")
        if module.name != Path(__file__).name
        and re.search(
            r"mock\.patch|monkeypatch\.setattr\(\s*[\"']?(carillon|functions|infra)",
            (ROOT / module).read_text(),
        )
    ]
    assert not patched
