"""The reference's servers: where Debian's are, and what is said when they are not."""

from pathlib import Path

import pytest

from benchmarks.reference.servers import NotInstalled, installed


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_the_newest_of_debians_is_taken(tmp_path: Path) -> None:
    redis = _program(tmp_path / "bin" / "redis-server")
    for version in ("9.6", "17", "15"):
        _program(tmp_path / "postgresql" / version / "bin" / "postgres")

    found = installed(str(redis.parent), tmp_path / "postgresql")

    assert found == (redis, tmp_path / "postgresql" / "17" / "bin")


def test_what_is_missing_is_said_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match=r"apt-get install redis-server postgresql$"):
        installed(str(tmp_path), tmp_path)

    _program(tmp_path / "redis-server")
    with pytest.raises(NotInstalled, match=r"apt-get install postgresql$"):
        installed(str(tmp_path), tmp_path)
