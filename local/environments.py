"""One environment to deploy to, as its file and `OPTIONS` describe it.

The file is read by `local.settings_file`, which knows the stack's own model and with it the CDK's
library; whoever only needs to say what was read does not wait for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.errors import LocalError
from local.places import PROJECT_ROOT

ENVIRONMENTS = PROJECT_ROOT / "environments"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What was read and checked.

    `path`: the file, as a person names it; `account`: the only one to deploy to, if it says so;
    `context`: all settings as the CDK's command line takes them; `options`: what else it is told.
    """

    path: str
    region: str
    account: str | None
    stack_name: str
    context: Mapping[str, str]
    options: tuple[str, ...] = ()


def context_in(options: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """What options of the CDK's command line say of the context, and the other options."""
    context: dict[str, str] = {}
    rest: list[str] = []
    left = list(options)
    while left:
        option = left.pop(0)
        if option in ("-c", "--context"):
            pair = left.pop(0) if left else ""
        elif option.startswith("--context="):
            pair = option.removeprefix("--context=")
        else:
            rest.append(option)
            continue
        key, equals, value = pair.partition("=")
        if not equals:
            raise LocalError(f"OPTIONS: -c wants key=value, and got `{pair}`.")
        context[key] = value
    return context, rest
