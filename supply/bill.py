"""The bill of materials of what is deployed: CycloneDX, `.build/sbom.json`.

cyclonedx-py describes the packages of the very layer that a deployment ships. Added are the hashes
that the lock allows for each, and the packages of npm whose files lie beside the functions `api`
and `page`. boto3 is part of the Lambda runtime, which AWS patches, so it is not listed.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion

from infra.environment import Environment
from infra.layers import dependencies
from supply.licences import plain
from supply.locks import LAYER, ROOT, SHIPPED_FROM_NPM, npm_packages, python_packages

FILE = ROOT / ".build" / "sbom.json"
_SPECIFICATION = SchemaVersion.V1_6
_RUN_LIMIT_S = 300

Json = dict[str, Any]


def bill() -> Json:
    """The document."""
    described = _described(dependencies(Environment()) / "python")
    npm = _from_npm()
    components = [*_with_hashes(described["components"]), *npm]
    ours = _ourselves()
    return {
        "$schema": described["$schema"],
        "bomFormat": described["bomFormat"],
        "specVersion": described["specVersion"],
        "version": 1,
        "metadata": {"component": ours, "tools": described["metadata"]["tools"]},
        "components": components,
        "dependencies": [
            {"ref": ours["bom-ref"], "dependsOn": [each["bom-ref"] for each in components]},
            *described["dependencies"],
            *({"ref": each["bom-ref"]} for each in npm),
        ],
    }


def _described(layer: Path) -> Json:
    """What lies in the layer: a Python without site-packages sees nothing else."""
    command = [
        *(sys.executable, "-m", "cyclonedx_py", "environment", "-S", "--output-reproducible"),
        *("--spec-version", _SPECIFICATION.to_version(), "--output-format", "JSON"),
        "--no-validate",  # `write` does, once we have added to it
        sys.executable,
    ]
    done = subprocess.run(  # noqa: S603 - cyclonedx-py, with arguments made here
        command,
        capture_output=True,
        text=True,
        check=True,
        timeout=_RUN_LIMIT_S,
        env={**os.environ, "PYTHONPATH": str(layer)},
    )
    described: Json = json.loads(done.stdout)
    return described


def _with_hashes(components: list[Json]) -> list[Json]:
    """With what the lock allows to be installed: any of these files was."""
    locked = {plain(each.name): each for each in python_packages(LAYER)}
    for each in components:
        pinned = locked[plain(each["name"])]
        hashes = [{"name": "carillon:locked-hash", "value": value} for value in pinned.hashes]
        each["properties"] = [*each.get("properties", []), *hashes]
    return components


def _from_npm() -> list[Json]:
    return [
        {
            "bom-ref": f"{each.name}@{each.version}",
            "type": "library",
            "name": each.name,
            "version": each.version,
            "purl": f"pkg:npm/{each.name}@{each.version}",
            "licenses": [{"license": {"id": each.licence}}],
            "hashes": [_hash(value) for value in each.hashes],
        }
        for each in npm_packages()
        if each.name in SHIPPED_FROM_NPM
    ]


def _hash(integrity: str) -> Json:
    """npm's `sha512-<Base64>` as CycloneDX writes it.

    https://www.w3.org/TR/SRI/#the-integrity-attribute
    """
    algorithm, _, digest = integrity.partition("-")
    name = algorithm.upper().replace("SHA", "SHA-")
    return {"alg": name, "content": base64.b64decode(digest).hex()}


def _ourselves() -> Json:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return {
        "bom-ref": project["name"],
        "type": "application",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
    }


def write(file: Path = FILE) -> int:
    """Write the document, if it is one by CycloneDX's own schema; an exit status."""
    # It compiles 38 grammars of addresses when it is imported: two seconds that only this needs.
    from cyclonedx.validation.json import JsonStrictValidator

    text = json.dumps(bill(), indent=2, sort_keys=True) + "\n"
    mistake = JsonStrictValidator(_SPECIFICATION).validate_str(text)
    if mistake is not None:
        print(f"this would be no CycloneDX document: {mistake}", file=sys.stderr)
        return 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"{file.relative_to(ROOT)}: {len(json.loads(text)['components'])} components")
    return 0
