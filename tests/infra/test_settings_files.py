"""`environments/<name>.toml`: what may stand there, what is said of what may not, what it becomes.

The tests are here and not with those of `local`, for they load the stack's own model.
"""

import re
import tomllib
from pathlib import Path

import pytest

from infra.assets import ROOT
from infra.environment import Environment
from local.environments import ENVIRONMENTS, Settings
from local.errors import LocalError
from local.settings_file import SettingsFile, read
from local.settings_reference import REFERENCE, reference

EXAMPLE = (ENVIRONMENTS / "example.toml").read_text(encoding="utf-8")
OFFERED = re.compile(r"^# ([a-z_]+ = .+)$", re.MULTILINE)

# What only goes together, or instead of something else.
POOL = {"auth_domain_prefix", "mfa_required"}
PROVIDER = {"oidc_issuer", "oidc_audience", "oidc_client_id"}


def made_of(folder: Path, text: str, *options: str) -> Settings:
    (folder / "production.toml").write_text(text, encoding="utf-8")
    return read("production", options, folder=folder)


def refused(folder: Path, text: str, *options: str) -> str:
    with pytest.raises(LocalError) as error:
        made_of(folder, text, *options)
    return str(error.value)


def test_a_file_says_where_and_how(tmp_path: Path) -> None:
    settings = made_of(
        tmp_path,
        'region = "eu-west-1"\n'
        'account = "012345678901"\n'
        'stack_name = "Mailings"\n'
        "retain_data = false\n"
        "gateway_parts_per_s = 12.5\n"
        "slices = 4\n"
        'page_origins = ["https://a.test", "https://b.test"]\n',
    )

    assert (settings.region, settings.account) == ("eu-west-1", "012345678901")
    assert settings.stack_name == "Mailings"
    assert settings.context == {
        "stack_name": "Mailings",
        "retain_data": "false",
        "gateway_parts_per_s": "12.5",
        "slices": "4",
        "page_origins": "https://a.test,https://b.test",
    }
    whole = Environment.of(settings.context)
    assert whole.page_origins == ("https://a.test", "https://b.test")
    assert whole.retain_data is False


def test_an_empty_list_is_none(tmp_path: Path) -> None:
    settings = made_of(tmp_path, 'region = "eu-west-1"\npage_origins = []\n')
    assert Environment.of(settings.context).page_origins == ()


def test_options_win_over_the_file_and_keep_their_other_words(tmp_path: Path) -> None:
    settings = made_of(
        tmp_path,
        'region = "eu-west-1"\nslices = 4\n',
        *("-c", "slices=6", "--verbose", "-c", "stack_name=Other", "-c", "@aws-cdk/core:x=y"),
    )

    assert settings.context == {"slices": "6", "stack_name": "Other", "@aws-cdk/core:x": "y"}
    assert settings.stack_name == "Other"
    assert settings.options == ("--verbose",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sender_concurency = 3", "line 2: sender_concurency is no setting: did you mean sender_c"),
        ("zzz = 3", "line 2: zzz is no setting; docs/settings.md lists all"),
        ("[gateway]\nurl = 'https://a.test'", "line 2: gateway is no setting"),
        ('slices = "8"', "line 2: slices = '8': Input should be a valid integer"),
        ("slices = 65", "line 2: slices = 65: Input should be less than or equal to 64"),
        ('retain_data = "yes"', "line 2: retain_data = 'yes': Input should be a valid boolean"),
        ("account = 123456789012", "line 2: account = 123456789012: Input should be a valid str"),
        ('account = "12345"', "line 2: account = '12345'"),
        ("stack_name = 2026-01-01", "line 2: stack_name = "),
        ("page_origins = [1]", "line 2: page_origins = "),
        ('gateway_url = "http://a.test"', "gateway_plain_http=true"),
        ("slices = = 8", "is not TOML: "),
        ("slices = 8\nslices = 9", "is not TOML: "),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    error = refused(tmp_path, f'region = "eu-west-1"\n{line}\n')

    assert said in error
    assert "production.toml" in error


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    error = refused(tmp_path, 'regon = "eu-west-1"\nslices = 0\n')

    for each in ("region is missing: The AWS region", "regon is no setting", "slices = 0"):
        assert each in error


@pytest.mark.parametrize("region", ["Frankfurt", "eu-central", "eu central 1", ""])
def test_a_region_has_the_shape_of_one(tmp_path: Path, region: str) -> None:
    assert "line 1: region = " in refused(tmp_path, f'region = "{region}"\n')


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("slices=99", "slices=99: Input should be"),
        ("slcies=9", "slcies=9: "),
        ("region=us-east-1", "region stands in"),
        ("account=123456789012", "account stands in"),
    ],
)
def test_options_are_checked_too(tmp_path: Path, option: str, said: str) -> None:
    assert said in refused(tmp_path, 'region = "eu-west-1"\n', "-c", option)


@pytest.mark.parametrize("name", ["staging", "../production", "", "/etc/profile"])
def test_a_file_that_is_not_there_is_missed_with_those_that_are(tmp_path: Path, name: str) -> None:
    for each in ("production", "trial"):
        (tmp_path / f"{each}.toml").write_text('region = "eu-west-1"\n', encoding="utf-8")

    with pytest.raises(LocalError, match=r"There are: production, trial\."):
        read(name, [], folder=tmp_path)


def test_the_example_can_be_deployed_as_it_is() -> None:
    settings = read("example", [])

    assert settings.context["gateway_url"] == "https://gateway.example.com/v1"
    assert settings.account is None


@pytest.mark.parametrize("others", [POOL, PROVIDER])
def test_all_that_the_example_offers_can_be_taken(tmp_path: Path, others: set[str]) -> None:
    """Each line that is commented out, but those that exclude one another."""
    lines = [line for line in OFFERED.findall(EXAMPLE) if line.split()[0] not in others]
    assert len(lines) > 20
    told = {line.split()[0] for line in EXAMPLE.splitlines() if re.match(r"[a-z_]+ = ", line)}

    settings = made_of(tmp_path, "\n".join([EXAMPLE, *lines]))
    assert {line.split()[0] for line in lines} | told == {*settings.context, "region", "account"}


def test_the_example_shows_the_defaults_where_there_are_any() -> None:
    shown = tomllib.loads("\n".join(OFFERED.findall(EXAMPLE)))
    defaults = {name: each.default for name, each in SettingsFile.model_fields.items()}

    different = {
        name: value for name, value in shown.items() if defaults[name] not in (value, None, ())
    }
    assert different == {}


def test_the_reference_is_what_the_model_says() -> None:
    """Written by `make settings`."""
    assert REFERENCE.read_text(encoding="utf-8") == reference()
    for name in SettingsFile.model_fields:
        assert f"\n| `{name}` | " in reference()


def test_make_passes_environment_and_options_on() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for command in ("deploy", "diff", "destroy"):
        assert f'-m local.deploying {command} "$(ENV)" $(OPTIONS)\n' in makefile
