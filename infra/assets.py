"""Directories that become zips, under `.build/`, each named by a digest of what it was made from.

The name makes a build happen once for the same inputs, and lets two synths (a running stack's and
the tests') share the folder: neither ever changes a directory that the other one may be reading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / ".build"

# Left out of every asset: what Python leaves behind and what only the tests read.
_NOT_SHIPPED: Final = frozenset({"__pycache__", "tests"})

# Readable by all, writable by the owner, whatever umask the machine has: the zip keeps these bits,
# and Lambda runs a function as another user than the one who unpacked it.
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
_FILE_MODE: Final = 0o644
_FOLDER_MODE: Final = 0o755


def built(
    name: str,
    inputs: Iterable[str | bytes],
    make: Callable[[Path], None],
    *,
    within: Path = BUILD,
) -> Path:
    """The directory that `make` fills, made anew only for inputs not seen before.

    Args:
        name: first part of the directory's name.
        inputs: everything that decides about the content.
        make: gets an empty directory to fill; when it raises, nothing stays behind.
        within: where the directory lies.
    """
    digest = sha256()
    for part in inputs:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8) + data)  # the length keeps ("ab", "c") from ("a", "bc")
    target = within / f"{name}-{digest.hexdigest()[:16]}"
    if target.exists():
        return target
    within.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=within, prefix=f"{name}-making-") as scratch:
        made = Path(scratch, "made")
        made.mkdir()
        make(made)
        _open_to_all(made)
        try:
            made.rename(target)
        except OSError:
            if not target.exists():  # otherwise another synth was quicker with the same content
                raise
    return target


def _open_to_all(directory: Path) -> None:
    directory.chmod(_FOLDER_MODE)
    for path in directory.rglob("*"):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)


def copied(name: str, files: Mapping[str, Path], *, within: Path = BUILD) -> Path:
    """The directory with a copy of each file of `files`, keyed by its path in the directory."""
    return built(name, contents(files), lambda directory: copy(files, directory), within=within)


def copy(files: Mapping[str, Path], directory: Path) -> None:
    """Copy each file of `files` to its path in `directory`."""
    for path, source in files.items():
        destination = directory / path
        destination.parent.mkdir(parents=True, exist_ok=True)
        copyfile(source, destination)


def contents(files: Mapping[str, Path]) -> Iterator[str | bytes]:
    """The paths and bytes of `files`, as inputs of a digest."""
    for path, source in sorted(files.items()):
        yield path
        yield source.read_bytes()


def sources(folder: Path, *, under: str) -> dict[str, Path]:
    """The files of `folder` that are shipped, keyed by their path below `under`."""
    return {
        f"{under}/{path.relative_to(folder).as_posix()}": path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _NOT_SHIPPED & set(path.relative_to(folder).parts)
    }
