"""The page's files, as the build lays them beside this module (`infra/page_files.py`).

    built/manifest.json     {"digest": ..., "import_map": "sha256-..."}
    built/index.html        names all files below /assets/<digest>/
    built/assets/<path>.gz  one for each file, compressed once for all requests

The digest is of all files together, so an address never changes its content and each module finds
its neighbours beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

BUILT = Path(__file__).parent / "built"

CONTENT_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What may be an asset, by the end of its name."""


@dataclass(frozen=True, slots=True)
class Files:
    """What the page consists of; `assets` are compressed files by their path below the digest."""

    digest: str
    import_map: str
    index: bytes
    assets: Mapping[str, bytes]

    @classmethod
    def read_from(cls, folder: Path) -> Self:
        """All of it: half a megabyte, read once at init, so that no path ever leads to a disk."""
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assets = folder / "assets"
        return cls(
            digest=manifest["digest"],
            import_map=manifest["import_map"],
            index=(folder / "index.html").read_bytes(),
            assets={
                file.relative_to(assets).as_posix().removesuffix(".gz"): file.read_bytes()
                for file in sorted(assets.rglob("*.gz"))
            },
        )
