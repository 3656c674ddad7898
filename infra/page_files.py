"""The admin page as it is served, made of our modules and those that npm installed.

No bundler: browsers load the modules as they stand. What is done here is little: copy, write the
import map and the list of modules to load first into the page, compress, and name the whole by its
digest. `functions/page/files.py` says what comes out.
"""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from string import Template
from typing import Final

from infra.assets import ROOT, built, sources

STATIC: Final = ROOT / "functions" / "page" / "static"
_NODE_MODULES: Final = ROOT / "node_modules"

# By the name that our modules import them by: the file of npm's that it is.
_MODULES: Final = {
    "htm": "htm/dist/htm.module.js",
    "oauth4webapi": "oauth4webapi/build/index.js",
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "uplot": "uplot/dist/uPlot.esm.js",
}
# Style sheets; the first is what ours build on, the others are loaded by who needs them.
_BASE_STYLE: Final = "vendor/pico.css"
_STYLES: Final = {
    _BASE_STYLE: "@picocss/pico/css/pico.classless.min.css",
    "vendor/uplot.css": "uplot/dist/uPlot.min.css",
}

_ENTRY: Final = "main.js"
_STATIC_IMPORT: Final = re.compile(
    r"""(?<![\w"'`./-])(?:(?:import|export)\b[^;"'`()]*?\bfrom|import)\s*["']([^"']+)["']"""
)
_SOURCE_MAP: Final = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*")
_COMPRESSION: Final = 9


def page_files() -> dict[str, Path]:
    """What lies in the function's folder, by its path there."""
    template, assets = _read()
    whole = [template, *(part for path in sorted(assets) for part in (path, assets[path]))]

    def make(directory: Path) -> None:
        _make(directory, template.decode(), assets)

    folder = built("page", [*whole, Path(__file__).read_bytes()], make)
    return {f"built/{file.relative_to(folder)}": file for file in _files_of(folder)}


def _read() -> tuple[bytes, dict[str, bytes]]:
    """The page's template, and all its assets by their path."""
    ours = {path.removeprefix("/"): file for path, file in sources(STATIC, under="").items()}
    template = ours.pop("index.html").read_bytes()
    vendor = {_vendor_path(name): _NODE_MODULES / file for name, file in _MODULES.items()}
    vendor |= {path: _NODE_MODULES / file for path, file in _STYLES.items()}
    missing = [str(file.relative_to(ROOT)) for file in vendor.values() if not file.exists()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} not found: run `make setup`")
    assets = {path: file.read_bytes() for path, file in ours.items() if file.suffix != ".ts"}
    # Nobody debugs others' modules here, and a missing map is a complaint on the console.
    assets |= {path: _SOURCE_MAP.sub(b"", file.read_bytes()) for path, file in vendor.items()}
    return template, assets


def _make(directory: Path, template: str, assets: Mapping[str, bytes]) -> None:
    digest = sha256()
    for path in sorted(assets):
        digest.update(f"{path} {len(assets[path])} ".encode() + assets[path])
    name = digest.hexdigest()[:16]
    import_map = _import_map(f"/assets/{name}")
    index = Template(template).substitute(
        assets=f"/assets/{name}",
        import_map=import_map,
        preloads=_links("modulepreload", name, first_load(assets)),
        styles=_links("stylesheet", name, _style_sheets(assets)),
    )
    (directory / "index.html").write_text(index, encoding="utf-8")
    manifest = {
        "digest": name,
        "import_map": f"sha256-{b64encode(sha256(import_map.encode()).digest()).decode()}",
    }
    (directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for path, content in assets.items():
        file = directory / "assets" / f"{path}.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(content, _COMPRESSION, mtime=0))


def first_load(assets: Mapping[str, bytes]) -> list[str]:
    """The entry's modules: what it imports statically, and what those import in turn.

    Without this list a browser learns of a module only when it has read the one that imports it.
    """
    found, waiting = list[str](), [_ENTRY]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        if path not in assets:
            raise FileNotFoundError(f"{path} is imported, but does not exist")
        found.append(path)
        imported = _STATIC_IMPORT.findall(assets[path].decode())
        waiting += [_resolved(name, path) for name in imported]
    return found


def _resolved(name: str, importer: str) -> str:
    if name in _MODULES:
        return _vendor_path(name)
    return normpath(join(dirname(importer), name))


def _style_sheets(assets: Mapping[str, bytes]) -> list[str]:
    """The base, then each of ours: no order among ours matters."""
    return [_BASE_STYLE, *sorted(path for path in assets if path.startswith("styles/"))]


def _import_map(base: str) -> str:
    imports = {name: f"{base}/{_vendor_path(name)}" for name in _MODULES}
    return json.dumps({"imports": imports}, separators=(",", ":"))


def _vendor_path(name: str) -> str:
    return f"vendor/{name.replace('/', '-')}.js"


def _links(relation: str, digest: str, paths: list[str]) -> str:
    return "\n    ".join(
        f'<link rel="{relation}" href="/assets/{digest}/{path}">' for path in paths
    )


def _files_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
