"""What is zipped: only what runs, made once for the same inputs, and the same each time."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from aws_cdk import FileSystem

from infra.assets import built, copied, sources
from infra.environment import Environment
from infra.layers import dependencies, shared
from tests.infra.template import Template

THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def contents(folder: Path) -> dict[str, str]:
    """A digest of each file of `folder`, by its path there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@contextmanager
def machine(*, mask: int, zone: str, folder: Path) -> Iterator[None]:
    """Somebody else's: other permissions for new files, another zone and working directory."""
    before, old_mask = Path.cwd(), os.umask(mask)
    os.chdir(folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", zone)
            patch.setenv("PYTHONHASHSEED", str(mask))
            time.tzset()
            yield
    finally:
        os.chdir(before)
        os.umask(old_mask)
        time.tzset()


def zipped(folder: Path) -> str:
    """A digest of what the CDK's command line puts into a zip: names, permissions and bytes.

    It writes one fixed time stamp for all of them.
    """
    digest = sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_mode:o}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def asset_with(template: Template, file: str) -> Path:
    """The only asset of the synthesized app that has this file."""
    [asset] = [path for path in template.file.parent.glob("asset.*") if (path / file).exists()]
    return asset


@pytest.mark.parametrize(
    "function", ["api", "fanout", "importer", "page", "planner", "sender", "stats"]
)
def test_a_function_ships_its_own_folder_only(template: Template, function: str) -> None:
    asset = asset_with(template, f"functions/{function}/handler.py")
    files = contents(asset)

    assert {"functions/__init__.py", f"functions/{function}/settings.py"} <= set(files)
    for file in files:
        assert file.startswith(f"functions/{function}/") or file == "functions/__init__.py"
        assert not file.endswith(".pyc"), "another Python's than the functions'"


def test_the_api_ships_swagger_ui(template: Template) -> None:
    static = asset_with(template, "functions/api/handler.py") / "functions" / "api" / "static"

    for file in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert (static / file).stat().st_size > 0


def test_the_dependencies_are_libraries_without_the_sdk(template: Template) -> None:
    python = asset_with(template, "python/pydantic/__init__.py") / "python"

    for package in ("aws_lambda_powertools", "pycurl", "tzdata"):
        assert (python / package / "__init__.py").exists()
    assert not (python / "boto3").exists()
    assert list(python.glob("pydantic_core/*cpython-314-aarch64-linux-gnu.so"))
    assert not (python / "bin").exists()


def test_the_shared_layer_is_the_domain_alone(template: Template) -> None:
    python = asset_with(template, "python/carillon/__init__.py") / "python"

    assert [path.name for path in python.iterdir()] == ["carillon"]


@pytest.mark.parametrize("python", [THIS_PYTHON, "3.14" if THIS_PYTHON == "3.13" else "3.13"])
def test_both_layers_come_out_the_same_on_another_machine(tmp_path: Path, python: str) -> None:
    environment = Environment(lambda_python=python, wheel_platform="x86_64-manylinux_2_28")
    builds = []
    for mask, zone in ((0o022, "UTC"), (0o077, "Asia/Tokyo")):
        elsewhere = tmp_path / f"home-{mask:o}" / "deep"
        elsewhere.mkdir(parents=True)
        with machine(mask=mask, zone=zone, folder=elsewhere):
            makers = (dependencies, shared)
            builds.append([make(environment, within=elsewhere / "build") for make in makers])

    for first, again in zip(*builds, strict=True):
        assert first != again
        assert first.name == again.name
        assert contents(first) == contents(again)
        assert zipped(first) == zipped(again), "what is uploaded, with the permissions in it"
        assert FileSystem.fingerprint(str(first)) == FileSystem.fingerprint(str(again))
        compiled = [file for file in contents(first) if file.endswith(".pyc")]
        assert bool(compiled) == (python == THIS_PYTHON)


def test_a_strict_umask_leaves_nothing_that_the_function_cannot_read(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("answer = 42")
    with machine(mask=0o077, zone="UTC", folder=tmp_path):
        folder = copied("code", {"deep/code.py": code}, within=tmp_path / "build")

    modes = {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (folder, *folder.rglob("*"))
    }
    assert modes == {".": 0o755, "deep": 0o755, "deep/code.py": 0o644}


def test_what_was_built_is_built_again_only_for_other_inputs(tmp_path: Path) -> None:
    made: list[Path] = []

    first = built("thing", ["ab", "c"], made.append, within=tmp_path)
    assert built("thing", ["ab", "c"], made.append, within=tmp_path) == first
    assert built("thing", ["a", "bc"], made.append, within=tmp_path) != first
    assert len(made) == 2


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:

    def fail(directory: Path) -> None:
        (directory / "half").touch()
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        built("thing", [], fail, within=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_builds_at_the_same_time_agree(tmp_path: Path) -> None:

    def make(directory: Path) -> None:
        (directory / "file").write_text("content")

    def make_while_another_does(directory: Path) -> None:
        built("thing", ["input"], make, within=tmp_path)
        make(directory)

    folder = built("thing", ["input"], make_while_another_does, within=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert contents(folder).keys() == {"file"}


def test_caches_and_tests_are_not_shipped_and_a_change_is(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    for file in ("a.py", "deep/b.py", "__pycache__/a.pyc", "tests/test_a.py", "deep/tests/c.py"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)

    before = copied("code", sources(folder, under="code"), within=tmp_path / "build")
    (folder / "a.py").write_text("changed")
    after = copied("code", sources(folder, under="code"), within=tmp_path / "build")

    assert contents(before).keys() == {"code/a.py", "code/deep/b.py"}
    assert (before / "code/a.py").read_text() == "a.py"
    assert (after / "code/a.py").read_text() == "changed"
