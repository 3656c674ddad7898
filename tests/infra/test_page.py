"""The page's function as it is deployed: its own code, the built files, and a quick start."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from infra.assets import ROOT
from infra.page_files import first_load, page_files
from tests.infra.template import Template

LIMIT_S = 30
HEAVY = {"boto3", "botocore", "requests", "aws_lambda_powertools", "pydantic"}
ASK = """
import json, sys
from functions.page.handler import handler
answer = handler({"rawPath": "/", "headers": {}}, None)
print(json.dumps({"answer": answer, "modules": sorted(sys.modules)}))
"""


def asset(template: Template) -> Path:
    """The folder that becomes the function's zip."""
    [found] = template.file.parent.glob("asset.*/functions/page")
    return found


def test_the_page_ships_what_was_built_and_not_its_sources(template: Template) -> None:
    files = {path.relative_to(asset(template)).as_posix() for path in asset(template).rglob("*.*")}

    assert {"handler.py", "built/index.html", "built/manifest.json"} <= files
    assert {"built/assets/main.js.gz", "built/assets/vendor/uplot.js.gz"} <= files
    assert not [file for file in files if file.startswith("static/") or ".d.ts" in file]


def test_the_function_starts_with_little_and_serves_the_page(template: Template) -> None:
    started = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=asset(template).parents[1],
        env={**os.environ, "UPLOADS_ORIGIN": "", "PYTHONPATH": str(_shared())},
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_S,
    )
    told = json.loads(started.stdout)

    assert told["answer"]["statusCode"] == 200
    assert "<!doctype html>" in base64.b64decode(told["answer"]["body"]).decode()
    assert not HEAVY & set(told["modules"])


def test_the_page_may_do_nothing_but_write_its_log(template: Template) -> None:
    actions = {action for grant in template.grants_of("page") for action in grant.actions}
    assert actions == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_same_sources_make_the_same_page() -> None:
    assert page_files() == page_files()


def test_the_first_load_follows_static_imports_only() -> None:
    assets = {
        "main.js": b'import { a } from "./a/b.js";\nimport "./c.js";\nimport("./views/late.js");',
        "a/b.js": b'export { c } from "../c.js";\nimport {\n  x,\n  y,\n} from "preact";',
        "c.js": b'// imports "nothing"\nconst view = name("import");',
        "views/late.js": b"",
        "vendor/preact.js": b'import{h}from"htm";',
        "vendor/htm.js": b"",
    }
    assert first_load(assets) == ["main.js", "a/b.js", "c.js", "vendor/preact.js", "vendor/htm.js"]


def _shared() -> Path:
    return ROOT / "layers" / "shared" / "python"
