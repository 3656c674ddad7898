"""The settings of a deployment: how they are read, and what is said of a wrong one."""

import pytest
from pydantic import ValidationError

from infra.environment import Environment, InvalidSettings

ISSUER = "https://tenant.auth0.test/"
ELSEWHERE = {"oidc_issuer": ISSUER, "oidc_audience": "https://carillon.test/api"}
WRONG = [
    ("gateway_url", "ftp://gateway.test/v1"),
    ("gateway_url", "https:///v1"),
    ("gateway_url", "https://user@gateway.test/v1"),
    ("gateway_url", "https://gateway.test/v1?key=1"),
    ("gateway_url", "https://шлюз.test/v1"),
    ("gateway_timeout_s", "0"),
    ("gateway_parts_per_s", "0"),
    ("gateway_parts_per_s", "fast"),
    ("gateway_retry_unknown", "perhaps"),
    ("slices", "0"),
    ("slices", "65"),
    ("slices", "many"),
    ("sender_concurrency", "1"),
    ("sender_concurrency", "1001"),
    ("api_reserved_concurrency", "0"),
    ("fanout_timeout_s", "901"),
    ("sender_timeout_s", "14"),
    ("stats_window_s", "-1"),
    ("stats_window_s", "901"),
    ("retention_days", "0"),
    ("retain_data", "perhaps"),
    ("log_retention_days", "31"),
    ("log_level", "loud"),
    ("log_levels", "ghost=INFO"),
    ("log_queries", "perhaps"),
    ("api_id_tag", "not-hex!"),
    ("lambda_python", "3.10"),
    ("lambda_arch", "sparc"),
    ("stack_name", "1st"),
    ("sender_concurency", "5"),
    ("auth_domain_prefix", "Carillon"),
    ("auth_domain_prefix", "-carillon"),
    ("auth_domain_prefix", "my-aws-mailings"),
    ("auth_domain_prefix", "c" * 64),
    ("oidc_issuer", "issuer.test"),
    ("oidc_issuer", "https://issuer.test/?a=b"),
    ("oidc_issuer", "https://issuer.test/#a"),
    ("cognito_url", "ftp://pool.test"),
    ("oidc_client_id", ""),
    ("alarm_emails", "night@"),
    ("alarm_emails", "night@example.com,nobody"),
    ("docs_url", "https://git.example.com/docs"),
    ("alarm_message_age_s", "900"),
    ("alarm_failure_share", "1"),
    ("alarm_failure_share", "0"),
    ("alarm_failures_min", "0"),
    ("alarm_math", "perhaps"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_with_its_value(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings) as refused:
        Environment.of({name: value})

    assert f"{name}={value}: " in str(refused.value)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(InvalidSettings, match=r"(?s)slices=0.*log_retention_days=2"):
        Environment.of({"slices": "0", "log_retention_days": "2"})


def test_text_becomes_numbers_and_truths() -> None:
    environment = Environment.of(
        {"slices": "64", "retain_data": "false", "gateway_timeout_s": "2.5"}
    )

    assert environment.slices == 64
    assert environment.retain_data is False
    assert environment.gateway_timeout_s == 2.5


def test_no_pace_is_the_default_and_what_an_empty_text_means() -> None:
    assert Environment().gateway_parts_per_s is None
    assert Environment.of({"gateway_parts_per_s": ""}).gateway_parts_per_s is None
    assert Environment.of({"gateway_parts_per_s": "2.5"}).gateway_parts_per_s == 2.5


def test_nothing_is_reserved_by_default_or_by_an_empty_text() -> None:
    assert Environment().api_reserved_concurrency is None
    assert Environment.of({"api_reserved_concurrency": ""}).api_reserved_concurrency is None


@pytest.mark.parametrize("function", ["sender", "fanout"])
def test_what_is_reserved_is_enough_for_what_may_be_received(function: str) -> None:
    most, reserved = f"{function}_concurrency", f"{function}_reserved_concurrency"

    with pytest.raises(InvalidSettings, match=f"{reserved} must be at least {most}"):
        Environment.of({most: "7", reserved: "6"})
    Environment.of({most: "7", reserved: "7"})


def test_the_token_does_not_travel_in_the_open_unless_told_so() -> None:
    plain = "http://gateway.test/v1"

    with pytest.raises(InvalidSettings, match="gateway_plain_http=true"):
        Environment.of({"gateway_url": plain})
    assert Environment.of({"gateway_url": plain, "gateway_plain_http": "true"}).gateway_url == plain


@pytest.mark.parametrize(
    "origins",
    [
        "",
        "mailings.test",
        "https://a.test/",
        "https://a.test/docs",
        "https://a.test,,https://b.test",
        "https://*",
        "ftp://a.test",
        "https://a.test https://b.test",
    ],
)
def test_page_origins_are_origins(origins: str) -> None:
    with pytest.raises(InvalidSettings, match="must be origins"):
        Environment.of({"page_origins": origins})


def test_page_origins_are_separated_by_commas() -> None:
    environment = Environment.of({"page_origins": "https://a.test,https://b.test:8443"})
    assert environment.page_origins == ("https://a.test", "https://b.test:8443")


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"oidc_issuer": ISSUER}, "belong together"),
        ({"oidc_audience": "api"}, "belong together"),
        ({"oidc_client_id": "c"}, "give that, too"),
        ({**ELSEWHERE, "auth_domain_prefix": "carillon"}, "no user pool"),
        ({**ELSEWHERE, "mfa_required": "true"}, "no user pool"),
        ({**ELSEWHERE, "cognito_url": "https://pool.test"}, "no user pool"),
        ({**ELSEWHERE, "oidc_issuer": "http://issuer.test"}, "oidc_plain_http=true"),
        ({"cognito_url": "http://pool.test"}, "oidc_plain_http=true"),
        ({"page_origins": "https://a.test,http://b.test"}, "oidc_plain_http=true"),
        ({"stack_name": "Amazon-Mailings"}, "auth_domain_prefix="),
    ],
)
def test_there_is_one_way_to_sign_in_and_nobody_reads_along(
    settings: dict[str, str], problem: str
) -> None:
    with pytest.raises(InvalidSettings, match=problem):
        Environment.of(settings)


def test_an_issuer_is_kept_to_the_letter() -> None:
    assert Environment.of(ELSEWHERE).oidc_issuer == ISSUER
    assert Environment.of({**ELSEWHERE, "stack_name": "Amazon"}).auth_domain_prefix is None
    named = Environment.of({"stack_name": "Amazon", "auth_domain_prefix": "mailings"})
    assert named.auth_domain_prefix == "mailings"


def test_a_call_ends_before_the_function_that_records_it() -> None:
    with pytest.raises(InvalidSettings, match="sender_timeout_s must be at least 15 s more"):
        Environment.of({"gateway_timeout_s": "10.5", "sender_timeout_s": "25"})
    Environment.of({"gateway_timeout_s": "10", "sender_timeout_s": "25"})


def test_the_settings_do_not_change_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Environment().slices = 9


def test_every_setting_is_described() -> None:
    undescribed = [
        name for name, field in Environment.model_fields.items() if not field.description
    ]

    assert undescribed == []


def test_the_tools_own_context_is_not_ours_and_ours_is_read() -> None:
    from aws_cdk import App

    tools = {"@aws-cdk/core:x": True, "aws:cdk:y": "z", "cli-telemetry": False}

    assert Environment.from_context(App(context=tools).node) == Environment()
    given = Environment.from_context(App(context={**tools, "slices": "3"}).node)
    assert given.slices == 3


@pytest.mark.parametrize(
    ("settings", "platform"),
    [
        ({}, "aarch64-manylinux_2_28"),
        ({"lambda_arch": "x86_64"}, "x86_64-manylinux_2_28"),
        ({"wheel_platform": "aarch64-apple-darwin"}, "aarch64-apple-darwin"),
    ],
)
def test_wheels_are_for_lambda_unless_told_otherwise(
    settings: dict[str, str], platform: str
) -> None:
    assert Environment.of(settings).wheels_for == platform


def test_a_runtime_that_cannot_load_the_wheels_is_refused() -> None:
    with pytest.raises(InvalidSettings, match=r"use 3\.12 or newer"):
        Environment.of({"lambda_python": "3.11"})
    assert Environment.of({"lambda_python": "3.12"}).lambda_python == "3.12"


def test_nobody_is_told_of_alarms_by_default_and_several_may_be() -> None:
    assert Environment().alarm_emails == Environment.of({"alarm_emails": ""}).alarm_emails == ()
    two = Environment.of({"alarm_emails": "night@example.com, day@example.com"})
    assert two.alarm_emails == ("night@example.com", "day@example.com")
    assert Environment(alarm_emails=("night@example.com",)).alarm_emails == ("night@example.com",)
