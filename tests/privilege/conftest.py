"""One emulated account that enforces IAM, for a story that is told in it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from local.account import forget_the_callers
from tests.contract.cloud import running_emulator
from tests.infra.template import Template, synthesize
from tests.privilege.account import Account, Granted
from tests.privilege.functions import Asked
from tests.privilege.story import DIGEST_SENDER, Failure, told
from tests.privilege.world import Gateway, gateway


@dataclass(frozen=True, repr=False)
class Told:
    """The story as it went with every grant of the template; too long to be shown."""

    granted: tuple[Granted, ...]
    asked: tuple[Asked, ...]
    failed: Failure | None


@pytest.fixture(scope="session")
def stand_in() -> Iterator[Gateway]:
    """A gateway in this process."""
    with gateway() as ours:
        yield ours


@pytest.fixture(scope="session")
def template(stand_in: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The app's, whose sender calls our gateway at a pace: that is what it needs a table for.

    And with a digest, which is an option.
    """
    return synthesize(
        tmp_path_factory.mktemp("template"),
        retain_data="false",
        slices="2",
        gateway_url=stand_in.url,
        gateway_plain_http="true",
        gateway_parts_per_s="1000",
        digest_sender=DIGEST_SENDER,
        digest_recipients="operator@carillon.test",
    )


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    forget_the_callers()
    with running_emulator(tmp_path_factory.mktemp("emulator")) as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def quiet_again() -> Iterator[None]:
    """A handler turns the package's log lines into JSON on stdout; others want theirs as before."""
    package = logging.getLogger("carillon")
    before = package.handlers, package.level, package.propagate
    yield
    package.handlers, package.level, package.propagate = before


@pytest.fixture(scope="session")
def story(template: Template, emulator: str, stand_in: Gateway) -> Told:
    """Told once, with everything granted."""
    account = Account(emulator, template)
    asked, failed = told(account, stand_in)
    return Told(tuple(account.granted()), tuple(asked), failed)
