"""One synth with production's settings for all tests here, and one of a stack for trying out."""

import pytest

from tests.infra.template import Template, synthesize


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """With every setting at its default, which is production's."""
    return synthesize(tmp_path_factory.mktemp("production"), judged=True)


@pytest.fixture(scope="session")
def passing_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Of a stack that may vanish with its data; the settings are text, as on the command line."""
    return synthesize(
        tmp_path_factory.mktemp("passing"),
        judged=True,
        retain_data="false",
        stats_window_s="0",
        api_id_tag="0123abcd",
        fanout_concurrency="2",
        sender_concurrency="3",
        sender_timeout_s="90",
        api_reserved_concurrency="5",
        sender_reserved_concurrency="3",
        fanout_reserved_concurrency="4",
        api_rate_per_s="7",
        api_burst="9",
        log_retention_days="7",
        log_levels="sender=WARNING,api=DEBUG",
        log_queries="false",
        gateway_url="http://127.0.0.1:9009/v1/",
        gateway_plain_http="true",
        gateway_parts_per_s="12.5",
        gateway_retry_unknown="false",
        alarm_emails="night@example.com,day@example.com",
        docs_url="https://git.example.com/docs/",
        alarm_math="false",
    )


@pytest.fixture(scope="session")
def foreign_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Of a stack that takes another provider's tokens."""
    return synthesize(
        tmp_path_factory.mktemp("foreign"),
        judged=True,
        oidc_issuer="https://tenant.auth0.test/",
        oidc_audience="https://carillon.test/api",
        oidc_client_id="pages",
    )


@pytest.fixture(scope="session")
def own_domain_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Of a stack that browsers see at a domain of its operator's, who is strict, pays to have
    things ready and gets digests."""
    return synthesize(
        tmp_path_factory.mktemp("own-domain"),
        judged=True,
        page_origins="https://mailings.example.com",
        auth_domain_prefix="our-mailings",
        mfa_required="true",
        recovery_days="7",
        messages_warm_writes_per_s="30000",
        clients_warm_reads_per_s="24000",
        clients_warm_writes_per_s="4000",
        api_snap_start="true",
        digest_recipients="ops@example.org, night@example.org",
        digest_sender="carillon@mail.example.com",
        digest_hour="7",
        digest_timezone="Europe/Moscow",
    )
