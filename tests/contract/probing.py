"""Questions to MiniStack, asked in a process of their own: importing it settles what it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from local.emulator.server import Options, environment
from local.places import PROJECT_ROOT

PORT = 14566
LIMIT_S = 60


def printed(module: str, *arguments: str) -> dict[str, Any]:
    """What that module of this folder tells."""
    answer = subprocess.run(
        [sys.executable, "-m", f"tests.contract.{module}", *arguments],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_S,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def tell(found: Mapping[str, object]) -> NoReturn:
    """Print it and leave: MiniStack's threads have nothing more to tell."""
    json.dump(found, sys.stdout)
    sys.stdout.flush()
    os._exit(0)


def prepare(folder: Path, *, alone: bool = False) -> None:
    """The emulator's environment; `alone` without anything else."""
    options = Options(port=PORT, front_door_port=0, api_id="", folder=folder, speed_patches=False)
    if alone:
        os.environ.clear()
    os.environ |= environment(options)
    options.scratch.mkdir()


def create_table(name: str) -> None:
    """Of items that have a text `id`, with a stream."""
    from ministack.services import dynamodb

    table: dict[str, Any] = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    status, _headers, body = dynamodb._create_table(table)
    assert status == 200, body
