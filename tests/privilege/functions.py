"""The functions' real handlers in this process, each with the credentials of its own role.

Whatever a handler asks AWS for is written down with what AWS wants to be granted for it.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest

from carillon.adapters import aws
from tests.privilege.account import ACCOUNT, REGION, Account
from tests.privilege.aws_rules import needs

LAMBDA_S = 60

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Asked:
    """Something that a function needed to be granted, and when."""

    function: str
    action: str
    resource: str
    operation: str
    step: str


Meanwhile = Callable[[], None]


@dataclass
class Functions:
    """All functions, started cold; `step` is what the story is at."""

    account: Account
    step: str = ""
    left_s: float = LAMBDA_S
    asked: list[Asked] = field(default_factory=list)
    _handlers: dict[str, Callable[..., Any]] = field(default_factory=dict)
    _meanwhile: dict[tuple[str, str], Meanwhile] = field(default_factory=dict)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """One invocation; what the handler raises is raised."""
        context = SimpleNamespace(
            function_name=function,
            memory_limit_in_mb=512,
            invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
            aws_request_id="52fdfc07-2182-454f-963f-5f0f9a621d72",
            get_remaining_time_in_millis=lambda: int(self.left_s * 1000),
        )
        return self._handlers[function](event, context)

    def meanwhile(self, function: str, text: str, happens: Meanwhile) -> None:
        """Once, just before the function's next request with this text in its parameters."""
        self._meanwhile[function, text] = happens

    def start(self, function: str) -> None:
        """Import the entry as Lambda does it, with the role's keys in force."""
        module = f"functions.{function}.handler"
        sys.modules.pop(module, None)
        with pytest.MonkeyPatch.context() as patch:
            for name, key in zip(_KEYS, self.account.keys(function), strict=True):
                patch.setenv(name, key)
            patch.setenv("AWS_DEFAULT_REGION", REGION)
            patch.setenv("AWS_ENDPOINT_URL", self.account.address)
            for name, value in self.account.settings(function).items():
                patch.setenv(name, value)
            aws.session.cache_clear()
            aws.session().register(
                "before-parameter-build.*.*",
                lambda **asked: self._note(function, asked["model"], asked["params"]),
            )
            self._handlers[function] = importlib.import_module(module).handler
        aws.session.cache_clear()
        sys.modules.pop(module, None)

    @cached_property
    def _fanout_queue(self) -> str:
        return self.account.settings("fanout")["FANOUT_QUEUE_URL"]

    def _note(self, function: str, model: Any, params: dict[str, Any]) -> None:
        service = model.service_model.service_name
        for action, resource in needs(service, model.name, params, region=REGION, account=ACCOUNT):
            self.asked.append(Asked(function, action, resource, model.name, self.step))
        for (whose, text), happens in list(self._meanwhile.items()):
            if whose == function and text in str(params):
                del self._meanwhile[whose, text]
                happens()
        if params.get("QueueUrl") == self._fanout_queue and "Entries" in params:
            for entry in params["Entries"]:
                entry["DelaySeconds"] = 0  # nobody waits here for what is to be done again


def started(account: Account) -> Functions:
    """Every function of the template that has rights, composed over the account."""
    functions = Functions(account)
    for name in account.template.functions():
        if name != "page":  # it hands out files that only a build has, and asks AWS for nothing
            functions.start(name)
    return functions
