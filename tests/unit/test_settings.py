"""Settings come from the environment once, and a mistake in it is named without showing it."""

import pytest
from pydantic import ValidationError

from carillon.settings import Settings


class SomeSettings(Settings):
    gateway_url: str
    gateway_timeout_s: float = 10


def test_fields_are_variables_in_upper_case() -> None:
    settings = SomeSettings.from_env({"GATEWAY_URL": "http://x", "GATEWAY_TIMEOUT_S": "2.5"})
    assert settings == SomeSettings(gateway_url="http://x", gateway_timeout_s=2.5)


def test_the_rest_of_the_environment_is_not_ours() -> None:
    assert SomeSettings.from_env({"GATEWAY_URL": "http://x", "HOME": "/"}).gateway_timeout_s == 10


def test_every_mistake_is_named_and_nothing_is_shown() -> None:
    with pytest.raises(ValidationError) as refusal:
        SomeSettings.from_env({"GATEWAY_TIMEOUT_S": "secret", "AWS_SECRET_ACCESS_KEY": "secret"})
    assert "GATEWAY_URL" in str(refusal.value)
    assert "GATEWAY_TIMEOUT_S" in str(refusal.value)
    assert "secret" not in str(refusal.value)
