"""The local deployment can reach nothing but the emulator."""

import pytest

from local import account, cdk
from local.errors import LocalError


@pytest.mark.parametrize(
    "endpoint", ["https://dynamodb.eu-central-1.amazonaws.com", "http://10.0.0.7:4566"]
)
def test_an_endpoint_that_is_not_on_this_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(LocalError, match="not on this machine"):
        account.client("dynamodb", endpoint)


def test_nothing_of_the_callers_account_reaches_the_deployment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "CDK_DEFAULT_ACCOUNT"):
        monkeypatch.setenv(name, "the developer's own")

    environment = cdk.environment("http://127.0.0.1:4566")

    assert "the developer's own" not in environment.values()
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_the_digest_follows_the_settings() -> None:
    one, other = {"slices": "4"}, {"slices": "8"}
    assert cdk.digest(one) == cdk.digest(dict(one))
    assert cdk.digest(one) != cdk.digest(other)
