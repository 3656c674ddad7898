"""The page's function: what is kept, compressed, guarded, and what is not there."""

import base64
import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from carillon.headers import DATA_POLICY, EVERY_ANSWER
from functions.page.answers import Page
from functions.page.files import CONTENT_TYPES, Files
from infra.page_files import page_files

UPLOADS = "https://uploads.s3.eu-central-1.amazonaws.com"


@pytest.fixture(scope="module")
def built() -> Path:
    """The real page, as it is deployed."""
    return page_files()["built/manifest.json"].parent


@pytest.fixture(scope="module")
def page(built: Path) -> Page:
    return Page(Files.read_from(built), uploads_origin=UPLOADS)


def get(page: Page, path: str, **headers: str) -> dict[str, Any]:
    event = {
        "rawPath": path,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
    }
    return page.answer(event)


def content(answer: dict[str, Any]) -> bytes:
    assert answer["isBase64Encoded"]
    return base64.b64decode(answer["body"])


def index_of(page: Page) -> str:
    return content(get(page, "/")).decode()


def directives(page: Page) -> dict[str, list[str]]:
    policy = get(page, "/")["headers"]["Content-Security-Policy"]
    parts = [directive.split() for directive in policy.split("; ")]
    return {name: values for name, *values in parts}


def test_the_page_is_asked_for_each_time_and_sent_when_it_changed(page: Page) -> None:
    first = get(page, "/")
    headers = first["headers"]

    assert (first["statusCode"], headers["Cache-Control"]) == (200, "no-cache")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    for told in (headers["ETag"], f'"other", {headers["ETag"]}'):
        again = get(page, "/", if_none_match=told)
        assert (again["statusCode"], again["body"]) == (304, "")
        assert again["headers"]["ETag"] == headers["ETag"]
    assert get(page, "/", if_none_match='W/"other"')["statusCode"] == 200


def test_files_are_kept_for_good_as_their_path_tells_their_content(page: Page) -> None:
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', index_of(page)):
        answer = get(page, path)
        assert answer["statusCode"] == 200, path
        assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["headers"]["Content-Type"] in CONTENT_TYPES.values()
        assert answer["headers"]["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/", "main.js", "icon.svg", "vendor/preact.js"])
def test_who_takes_gzip_gets_gzip_and_all_get_the_same(page: Page, path: str) -> None:
    path = path if path == "/" else f"/assets/{page.files.digest}/{path}"
    plain = get(page, path)
    packed = get(page, path, accept_encoding="br, gzip;q=0.8")
    refused = get(page, path, accept_encoding="gzip;q=0, identity")

    assert "Content-Encoding" not in plain["headers"]
    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert gzip.decompress(content(packed)) == content(plain) == content(refused)
    assert len(content(packed)) < len(content(plain))


@pytest.mark.parametrize(
    "path",
    [
        "/assets/{digest}/",
        "/assets/{digest}/index.html",
        "/assets/{digest}/types.d.ts",
        "/assets/{digest}/../handler.py",
        "/assets/{digest}/%2e%2e/handler.py",
        "/assets/0123456789abcdef/main.js",
        "/assets/main.js",
        "/main.js",
        "/x/assets/{digest}/main.js.map",
        "/nowhere",
    ],
)
def test_what_is_not_there_is_a_problem(page: Page, path: str) -> None:
    answer = get(page, path.format(digest=page.files.digest))

    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["type"] == "urn:problem-type:carillon:not-found"
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert answer["headers"]["Cache-Control"] == "no-store"


def test_every_answer_is_guarded(page: Page) -> None:
    etag = get(page, "/")["headers"]["ETag"]
    script = f"/assets/{page.files.digest}/main.js"
    answers = [get(page, "/"), get(page, "/", if_none_match=etag), get(page, script)]
    answers.append(get(page, "/nowhere"))

    assert [each["statusCode"] for each in answers] == [200, 304, 200, 404]
    for each in answers:
        assert EVERY_ANSWER.items() <= each["headers"].items()
    assert {each["headers"]["Content-Security-Policy"] for each in answers[2:]} == {DATA_POLICY}


def test_the_policy_lets_the_one_import_map_in_and_nothing_else_inline(page: Page) -> None:
    index = index_of(page)
    inline = re.findall(r"<script(?![^>]* src=)[^>]*>(.*?)</script>", index, re.DOTALL)
    [import_map] = inline
    digest = b64encode(sha256(import_map.encode()).digest()).decode()

    assert directives(page)["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert not re.search(r"<style|\sstyle=|\son\w+=", index)
    modules = json.loads(import_map)["imports"]
    assert modules.keys() == {"htm", "oauth4webapi", "preact", "preact/hooks", "uplot"}
    assert {get(page, path)["statusCode"] for path in modules.values()} == {200}


def test_the_policy_is_strict(page: Page) -> None:
    assert directives(page) | {"script-src": []} == {
        "default-src": ["'none'"],
        "script-src": [],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", UPLOADS],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
    }
    alone = Page(page.files, uploads_origin=None)
    assert directives(alone)["connect-src"] == ["'self'"]


def test_what_loads_first_is_told_beforehand_and_no_view_is_among_it(page: Page) -> None:
    preloads = re.findall(r'rel="modulepreload" href="/assets/\w+/([^"]+)"', index_of(page))

    assert {"main.js", "shell.js", "vendor/preact.js", "vendor/preact-hooks.js"} <= set(preloads)
    assert "vendor/uplot.js" not in preloads
    assert not [path for path in preloads if path.startswith("views/")]
    assert len(set(preloads)) == len(preloads)
