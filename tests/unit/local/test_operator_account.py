"""The local operator's credentials, and tokens of a stack that does not run."""

import stat
import string
from pathlib import Path

import pytest

from local.errors import LocalError
from local.operator_account import (
    EMAIL,
    SYMBOLS,
    Credentials,
    Tokens,
    make_up_password,
    settle_operator,
    token_of_running,
)
from local.places import LocalPaths

NOWHERE = "http://127.0.0.1:9"


def test_a_password_has_what_the_user_pool_asks_for() -> None:
    passwords = {make_up_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        assert len(password) >= 12
        for each in (string.ascii_lowercase, string.ascii_uppercase, string.digits, SYMBOLS):
            assert set(password) & set(each)


def test_the_credentials_stay_and_nobody_else_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "operator.json"
    first = Credentials.kept_in(path)
    assert first.email == EMAIL
    assert Credentials.kept_in(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"email": "a"}', '{"mail": 1}'])
def test_a_broken_file_is_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "operator.json"
    path.write_text(content)
    assert Credentials.kept_in(path) == Credentials.kept_in(path)


def test_without_a_user_pool_there_is_no_operator(tmp_path: Path) -> None:
    assert settle_operator({}, kept_in=tmp_path / "operator.json", endpoint=NOWHERE) is None
    assert list(tmp_path.iterdir()) == []


def test_another_provider_s_tokens_are_not_ours_to_give() -> None:
    with pytest.raises(LocalError, match="another provider"):
        Tokens({}, endpoint=NOWHERE)()


def test_without_a_stack_there_is_no_token(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="make run"):
        token_of_running(LocalPaths(tmp_path))
