"""Log lines: JSON, a constant message, ids as keys, nothing personal."""

import json
import logging
from collections.abc import Iterator

import pytest

from carillon import telemetry


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """`set_up` is for a process of its own; here others log too."""
    package = logging.getLogger(telemetry.PACKAGE)
    before = package.handlers, package.level, package.propagate
    yield
    package.handlers, package.level, package.propagate = before


def test_every_module_speaks_through_the_handler_s_logger(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "a-function")
    telemetry.set_up()
    logging.getLogger("carillon.usecases.x").info("client created", extra={"client_id": "c1"})
    telemetry.function_logger("functions.x.y").warning("storage unavailable")
    logging.getLogger("carillon.usecases.x").debug("not worth a line")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("INFO", "client created"),
        ("WARNING", "storage unavailable"),
    ]
    assert lines[0]["client_id"] == "c1"
    assert all(line["service"] == "a-function" for line in lines)


def test_an_error_is_described_by_its_class_and_place_only() -> None:
    cause = ValueError("79000000002")
    with pytest.raises(KeyError) as caught:
        raise KeyError("79000000001") from cause
    described = telemetry.describe(caught.value)
    assert described["error"] == "KeyError"
    assert described["cause"] == "ValueError"
    assert "test_telemetry.py" in described["at"][-1]
    assert "7900000000" not in json.dumps(described)
