"""The emulator's environment, which its functions inherit, is written down in one place."""

from pathlib import Path

from local.emulator import server


def options(folder: Path) -> server.Options:
    return server.parse(f"--port 1 --front-door-port 2 --api-id ca411104 --folder {folder}".split())


def test_everything_that_is_kept_lies_in_the_folder(tmp_path: Path) -> None:
    environment = server.environment(options(tmp_path))
    for name in ("TMPDIR", "STATE_DIR", "S3_DATA_DIR"):
        assert Path(environment[name]).is_relative_to(tmp_path)


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    assert server.environment(options(tmp_path))["BIND_HOST"] == "127.0.0.1"


def test_speed_patches_are_on_unless_switched_off(tmp_path: Path) -> None:
    assert options(tmp_path).speed_patches
    arguments = f"--port 1 --front-door-port 2 --api-id a --folder {tmp_path} --no-speed-patches"
    assert not server.parse(arguments.split()).speed_patches
