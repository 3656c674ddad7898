"""What stands at the root: health, documentation."""

import base64
import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from carillon.errors import Unavailable
from functions.api.routes.documentation import CONTENT_TYPES, STATIC
from tests.unit.api.calling import World, event
from tests.unit.api.test_problems import Broken

ROOT = Path(__file__).parents[3]
BACK = "oauth2-redirect.html"
"""Where the provider sends people back to; nothing links to it."""
PORTS = ["directory", "log", "mailings", "messages", "statistics"]


def test_healthy(world: World) -> None:
    answer = world.get("/health")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize(("error", "status"), [(Unavailable("down"), 503), (OSError("no"), 500)])
def test_not_healthy_while_a_table_cannot_be_read(
    world: World, port: str, error: Exception, status: int
) -> None:
    world.api = world.composed(**{port: Broken(error)})
    assert world.get("/health").status == status


def test_the_page_loads_only_files_that_are_served_and_runs_no_inline_script(world: World) -> None:
    page = world.get("/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    back = (ROOT / "node_modules/swagger-ui-dist/oauth2-redirect.html").read_text()
    loaded = set[str]()
    for text in (page.text, back):
        paths = re.findall(r'(?:src|href)="([^"]+)"', text)
        loaded |= {urljoin("/docs/", path) for path in paths if path != "/openapi.json"}
        assert re.findall(r"<script(?![^>]* src=)", text) == []
        assert "style=" not in text
    assert loaded == {f"/docs/{name}" for name in CONTENT_TYPES.keys() - {BACK}}


@pytest.mark.parametrize("name", CONTENT_TYPES)
@pytest.mark.parametrize("accepted", ["identity", "gzip, deflate, br"])
def test_files_arrive_byte_by_byte(tmp_path: Path, name: str, accepted: str) -> None:
    content = bytes(range(256)) * 10
    (tmp_path / name).write_bytes(content)
    world = World(static=tmp_path)
    answer = world.api.answer(
        event("GET", f"/docs/{name}", headers={"accept-encoding": accepted}),
        None,  # type: ignore[arg-type]
    )
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == CONTENT_TYPES[name]
    body = base64.b64decode(answer["body"])
    assert (gzip.decompress(body) if "gzip" in accepted else body) == content


def test_our_own_script_reads_our_own_document() -> None:
    script = (STATIC / "init.js").read_text(encoding="utf-8")
    assert re.findall(r'url: "([^"]*)"', script) == ["/openapi.json"]
    assert re.findall(r'fetch\("([^"]*)"', script) == ["/auth/config"]
    assert f"${{location.origin}}/docs/{BACK}" in script
    assert "://" not in script
