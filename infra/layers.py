"""The two layers under every function: what we install and what we wrote.

The dependencies are installed from wheels with hashes for the functions' Python and processor, so
that no Docker is needed on any machine. Python puts a layer's `python/` folder on the path.
https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html
"""

import subprocess
import sys
from pathlib import Path
from shutil import rmtree, which
from typing import Final

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.assets import BUILD, ROOT, built, contents, copy, sources
from infra.bytecode import add_bytecode, compiler
from infra.environment import Environment

REQUIREMENTS: Final = ROOT / "layers" / "dependencies" / "requirements.txt"
CARILLON: Final = ROOT / "layers" / "shared" / "python" / "carillon"

# Where Lambda unpacks layers. https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
_PLACE: Final = "/opt"

# A minute of download for 10 MB of wheels is slow; ten are a stuck network.
_BUILD_TIMEOUT_S: Final = 600


class Layers(Construct):
    """`dependencies` (requirements.txt) and `shared` (the domain), as every function has them."""

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(scope, construct_id)
        self.dependencies = self._layer("Dependencies", dependencies(environment), environment)
        self.shared = self._layer("Shared", shared(environment), environment)

    def all(self) -> list[lambda_.ILayerVersion]:
        """Both layers."""
        return [self.dependencies, self.shared]

    def _layer(self, name: str, content: Path, environment: Environment) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            name,
            code=lambda_.Code.from_asset(str(content)),
            compatible_runtimes=[runtime(environment)],
            compatible_architectures=[architecture(environment)],
        )


def runtime(environment: Environment) -> lambda_.Runtime:
    """The functions' runtime."""
    return lambda_.Runtime(
        f"python{environment.lambda_python}",
        lambda_.RuntimeFamily.PYTHON,
        # Said of all: the settings refuse a snapshot of those that are too old for it.
        supports_snap_start=True,
    )


def architecture(environment: Environment) -> lambda_.Architecture:
    """The functions' processor."""
    arm = environment.lambda_arch == "arm64"
    return lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64


def dependencies(environment: Environment, *, within: Path = BUILD) -> Path:
    """The directory of the dependencies layer, installed when its inputs are new."""

    def make(directory: Path) -> None:
        _install(directory / "python", environment)
        add_bytecode(directory, environment, place=_PLACE)

    wheels = (environment.lambda_python, environment.wheels_for)
    lock = contents({"requirements.txt": REQUIREMENTS})
    return built("dependencies", [*lock, *wheels, *_recipe(environment)], make, within=within)


def shared(environment: Environment, *, within: Path = BUILD) -> Path:
    """The directory of the shared layer: the package `carillon`."""
    files = sources(CARILLON, under="python/carillon")

    def make(directory: Path) -> None:
        copy(files, directory)
        add_bytecode(directory, environment, place=_PLACE)

    return built("shared", [*contents(files), *_recipe(environment)], make, within=within)


def _install(target: Path, environment: Environment) -> None:
    command = [
        _uv(),
        *("pip", "install", "--quiet", "--requirements", str(REQUIREMENTS)),
        *("--target", str(target), "--python", sys.executable, "--link-mode", "copy"),
        *("--python-version", environment.lambda_python),
        *("--python-platform", environment.wheels_for),
        *("--only-binary", ":all:", "--require-hashes", "--no-deps"),
    ]
    _run(command, fails_as=f"uv could not install {REQUIREMENTS.relative_to(ROOT)}")
    # Scripts begin with the path of this machine's Python, and RECORD lists their hashes: neither
    # is of use in a layer, and both would give each machine another one.
    rmtree(target / "bin", ignore_errors=True)
    (target / ".lock").unlink(missing_ok=True)
    for record in target.glob("*.dist-info/RECORD"):
        record.unlink()


def _recipe(environment: Environment) -> list[str | bytes]:
    """What decides about a layer beside its sources."""
    return [Path(__file__).read_bytes(), *compiler(environment)]


def _uv() -> str:
    beside_python = Path(sys.executable).with_name("uv")
    uv = str(beside_python) if beside_python.exists() else which("uv")
    if uv is None:
        raise RuntimeError("uv is not installed: run `make setup`")
    return uv


def _run(command: list[str], *, fails_as: str) -> None:
    done = subprocess.run(  # noqa: S603 - uv, with arguments made here
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=_BUILD_TIMEOUT_S,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{fails_as}:\n{done.stderr or done.stdout}")
