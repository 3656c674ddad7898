"""What is read of a lock file."""

from pathlib import Path

import pytest

from supply.locks import Pinned, npm_packages, python_packages

HASH = "sha256:" + "0" * 64


def test_a_lock_of_uv(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        f"idna==3.20 \\\n    --hash={HASH} \\\n    --hash={HASH[:-1]}1\n    # via requests\n"
        f"colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash={HASH}\n"
        "bare==1.0\n"
    )
    assert list(python_packages(lock)) == [
        Pinned("idna", "3.20", (HASH, HASH[:-1] + "1")),
        Pinned("colorama", "0.4.6", (HASH,), marker="sys_platform == 'win32'"),
        Pinned("bare", "1.0", ()),
    ]


@pytest.mark.parametrize(
    "line", ["idna", "idna>=3", "-e .", "git+ssh://somewhere/idna", "./idna.whl", "idna @ file:x"]
)
def test_what_is_not_pinned_is_refused(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"requirements\.txt pins no version"):
        list(python_packages(lock))


def test_a_lock_of_npm(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(
        '{"packages": {"": {"name": "ours"}, "node_modules/a/node_modules/@b/c":'
        ' {"version": "1.0", "integrity": "sha512-AA==", "license": "MIT"},'
        ' "node_modules/d": {"version": "2.0"}}}'
    )
    assert list(npm_packages(lock)) == [
        Pinned("@b/c", "1.0", ("sha512-AA==",), licence="MIT"),
        Pinned("d", "2.0", ()),
    ]
