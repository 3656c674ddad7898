"""`make deploy`, `diff` and `destroy` show where they lead before they do anything, and ask."""

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from local import deploying
from local.environments import Settings, context_in
from local.errors import LocalError
from local.places import PROJECT_ROOT
from tests.unit.local.aws_account import ACCOUNT, ARN, REGION, Account, Resource

SETTINGS = Settings(
    path="environments/production.toml",
    region=REGION,
    account=ACCOUNT,
    stack_name="Mailings",
    context={"gateway_url": "https://gateway.test/v1", "slices": "4"},
    options=("--verbose",),
)


@dataclass
class Terminal:
    """A person who gives these answers, then nobody; `ran` are the commands and where they went."""

    answers: list[str] = field(default_factory=list)
    ends_with: int = 0
    asked: list[str] = field(default_factory=list)
    ran: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)

    def ask(self, question: str) -> str:
        self.asked.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def run(self, command: object, environment: object) -> int:
        assert isinstance(command, list)
        assert isinstance(environment, dict)
        self.ran.append((command, environment))
        return self.ends_with

    def do(self, what: str, settings: Settings = SETTINGS, account: Account | None = None) -> int:
        command = deploying.COMMANDS[what]
        return command(settings, session=account or Account(), ask=self.ask, run=self.run)

    @property
    def verbs(self) -> list[str]:
        """What the CDK was told to do, in order."""
        return [command[2] for command, _ in self.ran]


@pytest.mark.parametrize("what", ["deploy", "diff", "destroy"])
def test_each_says_first_where_it_leads(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().do(what)

    said = capsys.readouterr().out
    for each in (ACCOUNT, REGION, ARN, "Mailings", SETTINGS.path, "--verbose", "slices = 4"):
        assert each in said


def test_a_deployment_that_was_agreed_to_has_all_settings() -> None:
    terminal = Terminal(["yes"])

    assert terminal.do("deploy") == 0
    [(command, environment)] = terminal.ran
    assert command[2:4] == ["deploy", "Mailings"]
    assert command[6:] == [
        *("-c", "gateway_url=https://gateway.test/v1", "-c", "slices=4"),
        "--verbose",
    ]
    assert environment == {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}


@pytest.mark.parametrize("answers", [[""], ["y"], ["no"], ["YES"], []])
def test_anything_but_yes_does_nothing(answers: list[str]) -> None:
    terminal = Terminal(answers)

    assert terminal.do("deploy") == 1
    assert terminal.ran == []


def test_what_the_cdk_ends_with_is_what_we_end_with() -> None:
    assert Terminal(["yes"], ends_with=3).do("deploy") == 3


@pytest.mark.parametrize("what", ["deploy", "diff", "destroy"])
def test_another_account_is_refused_before_anything_happens(what: str) -> None:
    terminal, account = Terminal(["yes", "Mailings"]), Account()

    with pytest.raises(LocalError, match=f"999999999999.*{ACCOUNT}"):
        terminal.do(what, replace(SETTINGS, account="999999999999"), account)
    assert terminal.asked == []
    assert terminal.ran == []
    assert account.asked == ["sts.get_caller_identity"]


@pytest.mark.parametrize("what", ["deploy", "diff", "destroy"])
def test_without_credentials_it_says_so(what: str) -> None:
    with pytest.raises(LocalError, match="AWS does not know you"):
        Terminal().do(what, account=Account(known=False))


def test_a_file_without_account_goes_where_the_credentials_lead() -> None:
    terminal = Terminal(["yes"])

    assert terminal.do("deploy", replace(SETTINGS, account=None)) == 0
    assert terminal.verbs == ["deploy"]


def test_where_the_cdk_was_never_bootstrapped_it_is_told_and_done_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    agreeing = Terminal(["bootstrap", "yes"])
    assert agreeing.do("deploy", account=Account(bootstrapped=False)) == 0
    assert agreeing.verbs == ["bootstrap", "deploy"]
    assert agreeing.ran[0][0][3] == f"aws://{ACCOUNT}/{REGION}"
    assert f"npx cdk bootstrap aws://{ACCOUNT}/{REGION}" in capsys.readouterr().out

    refusing = Terminal(["yes", "yes"])
    assert refusing.do("deploy", account=Account(bootstrapped=False)) == 1
    assert refusing.ran == []


def test_a_bootstrap_that_failed_is_not_deployed_over() -> None:
    terminal = Terminal(["bootstrap", "yes"], ends_with=1)

    assert terminal.do("deploy", account=Account(bootstrapped=False)) == 1
    assert terminal.verbs == ["bootstrap"]


def test_who_may_not_look_whether_it_was_bootstrapped_is_told_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal = Terminal(["yes"])

    assert terminal.do("deploy", account=Account(may_look=False)) == 0
    assert "npx cdk bootstrap" in capsys.readouterr().out
    assert terminal.verbs == ["deploy"]


def test_a_diff_asks_nobody_and_makes_no_change_set() -> None:
    terminal, account = Terminal(), Account()

    assert terminal.do("diff", account=account) == 0
    [(command, _)] = terminal.ran
    assert command[2] == "diff"
    assert command[-2:] == ["--method", "template"]
    assert terminal.asked == []
    assert account.asked == ["sts.get_caller_identity"]


@pytest.mark.parametrize("option", ["--method=change-set", "-m", "--change-set"])
def test_who_wants_a_change_set_says_so(option: str) -> None:
    terminal = Terminal()
    terminal.do("diff", replace(SETTINGS, options=(option,)))

    [(command, _)] = terminal.ran
    assert command[-1] == option


def test_a_stack_is_destroyed_when_its_name_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(["Mailings"])

    assert terminal.do("destroy") == 0
    [(command, _)] = terminal.ran
    assert command[2:4] == ["destroy", "Mailings"]
    assert command[-1] == "--force"
    before, _, after = capsys.readouterr().out.partition("What stayed is deleted by hand")
    assert "1 AWS::Lambda::Function" in before
    for name in ("Mailings-Clients", "the-token", "/logs/api", "pool-1"):
        assert f"  {name}\n" in before
        assert name in after
    assert "ALL DATA" not in before
    assert "--no-deletion-protection-enabled" in after
    assert f"export AWS_REGION={REGION}" in after


@pytest.mark.parametrize("answers", [["yes"], ["mailings"], ["Mailing"], [""], []])
def test_any_other_word_destroys_nothing(answers: list[str]) -> None:
    terminal = Terminal(answers)

    assert terminal.do("destroy") == 1
    assert terminal.ran == []


def test_a_stack_that_keeps_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    passing = Account(resources=[Resource("AWS::DynamoDB::Table", "Mailings-Clients")])

    assert Terminal(["Mailings"]).do("destroy", account=passing) == 0
    said = capsys.readouterr().out
    assert "ALL DATA" in said
    assert "Nothing stays." in said


@pytest.mark.parametrize(
    ("account", "first"),
    [
        (Account(termination_protected=True), "update-termination-protection"),
        (
            Account(resources=[Resource("AWS::DynamoDB::Table", "T", protected=True)]),
            "aws dynamodb update-table --table-name T --no-deletion-protection-enabled",
        ),
        (
            Account(resources=[Resource("AWS::Cognito::UserPool", "P", protected=True)]),
            "aws cognito-idp update-user-pool --user-pool-id P",
        ),
        (
            Account(resources=[Resource("AWS::S3::Bucket", "B", protected=True)]),
            "aws s3 rm s3://B --recursive",
        ),
    ],
)
def test_what_would_fail_in_the_middle_is_not_begun(
    account: Account, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(["Mailings"])

    assert terminal.do("destroy", account=account) == 1
    assert terminal.asked == []
    assert terminal.ran == []
    assert first in capsys.readouterr().out


def test_a_stack_that_is_not_there_cannot_be_destroyed() -> None:
    with pytest.raises(LocalError, match="does not exist"):
        Terminal(["Mailings"]).do("destroy", account=Account(standing=False))


def test_a_context_is_told_from_other_options() -> None:
    context, rest = context_in(
        ["-c", "slices=4", "--verbose", "--context=log_level=DEBUG", "--context", "a=b=c", "x"]
    )

    assert context == {"slices": "4", "log_level": "DEBUG", "a": "b=c"}
    assert rest == ["--verbose", "x"]
    for incomplete in (["-c"], ["-c", "slices"]):
        with pytest.raises(LocalError, match="key=value"):
            context_in(incomplete)


def test_on_a_machine_without_credentials_it_fails_with_a_sentence(tmp_path: Path) -> None:
    nothing = {
        "PATH": os.environ["PATH"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    run = subprocess.run(
        [sys.executable, "-m", "local.deploying", "deploy", "example"],
        cwd=PROJECT_ROOT,
        env=nothing,
        input="yes\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("AWS does not know you: ")
    assert "Traceback" not in run.stderr
