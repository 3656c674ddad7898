"""The functions as they are shipped: synthesized for this machine, with code, layers, environment.

What the CDK command line would deploy is made here by the same app, and read back from what it
wrote: the template and the list of assets.
https://docs.aws.amazon.com/cdk/v2/guide/deploy.html
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.assets import BUILD, ROOT
from local.context import local_context

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
"""The packages that AWS's Python runtime brings, and of ours none.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html"""

_SYNTH_TIMEOUT_S = 900


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """One function.

    `folders` are what Lambda puts in front of the standard library, in its order: the code, the
    layers, what the runtime brings.
    """

    name: str
    handler: str
    folders: tuple[Path, ...]
    environment: Mapping[str, str]


@cache
def shipped() -> Mapping[str, Shipped]:
    """Every function of the stack that has Python code of ours, by its name."""
    BUILD.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=BUILD, prefix="synth-") as folder:
        _synthesize(Path(folder))
        return {each.name: each for each in _read(Path(folder))}


def _synthesize(folder: Path) -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"] | local_context(
        gateway_url="http://127.0.0.1:9/v1",
        addresses=("http://127.0.0.1:9",),
        emulator_url="http://127.0.0.1:9",
        # The folders themselves are looked at, and not copies of them.
        given={"aws:cdk:disable-asset-staging": "true"},
    )
    # The names by which the command line hands these over.
    # https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/lib/cxapi.ts
    told = {
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_OUTDIR": str(folder),
    }
    subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env={**os.environ, **told, "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/shared/python'}"},
        check=True,
        timeout=_SYNTH_TIMEOUT_S,
    )


def _read(folder: Path) -> Iterator[Shipped]:
    template_file = next(folder.glob("*.template.json"))
    resources = json.loads(template_file.read_text())["Resources"]
    assets = json.loads(next(folder.glob("*.assets.json")).read_text())["files"]

    def unpacked(code: Mapping[str, Any]) -> Path:
        digest = str(code["S3Key"]).removesuffix(".zip")
        return folder.joinpath(assets[digest]["source"]["path"]).resolve()

    for properties in _of_type(resources, "AWS::Lambda::Function"):
        variables = properties.get("Environment", {}).get("Variables", {})
        if "POWERTOOLS_SERVICE_NAME" not in variables:
            continue  # the CDK's own
        layers = [resources[each["Ref"]]["Properties"]["Content"] for each in properties["Layers"]]
        yield Shipped(
            name=variables["POWERTOOLS_SERVICE_NAME"],
            handler=properties["Handler"],
            folders=(
                unpacked(properties["Code"]),
                *(unpacked(each) / "python" for each in layers),
                _runtime(),
            ),
            environment={name: _text(value) for name, value in variables.items()},
        )


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterator[Any]:
    return (each["Properties"] for each in resources.values() if each["Type"] == kind)


def _text(value: object) -> str:
    """A variable's value; one that is known only when deployed is made up."""
    return value if isinstance(value, str) else "https://made-up.test/x"


@cache
def _runtime() -> Path:
    """A folder with the runtime's packages and no others of this machine's."""
    folder = BUILD / "runtime"
    folder.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"{name} is not installed: run `make setup`")
        origin = Path(spec.origin)
        place = origin.parent if origin.name == "__init__.py" else origin
        link = folder / place.name
        link.unlink(missing_ok=True)
        link.symlink_to(place)
    return folder
