"""One deployment's settings as a file: `environments/<name>.toml`.

Its keys are those of `infra.environment` with TOML's own types, and two more: `region` says where
the deployment stands and `account`, if given, in whose account. The file holds no secret and
belongs into git. It is checked whole, by the model that the stack itself is made with, before AWS
is asked anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from infra.environment import Environment, InvalidSettings
from local.environments import ENVIRONMENTS, Settings, context_in
from local.errors import LocalError

# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_OUR_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = ("region", "account")


class SettingsFile(Environment):
    """What may stand in the file; where it leads to is not part of what the stack knows."""

    region: Annotated[str, Field(pattern=_REGION)]
    """The AWS region that the deployment stands in, such as `eu-central-1`."""

    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    """The number of its AWS account, in quotes. Credentials of another one are refused before
    anything happens."""


def read(name: str, options: Sequence[str], *, folder: Path = ENVIRONMENTS) -> Settings:
    """The settings of the environment `name`, with `-c key=value` among `options` on top.

    Raises:
        LocalError: there is no such file, or it, or what the options make of it, describes no
            deployable environment. All that is wrong is named, with its line.
    """
    path = _path(name, folder)
    text = path.read_text(encoding="utf-8")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LocalError(f"{_shown(path)} is not TOML: {error}") from error
    place = _check(values, text, path)
    given, rest = context_in(options)
    # An empty list is every list's default, and as text it would be a list of one empty text.
    context = {
        key: _as_context(value)
        for key, value in values.items()
        if key not in _PLACE and value != []
    }
    context |= given
    for key in _PLACE:
        if key in given:
            raise LocalError(f"-c {key}=… has no effect: {key} stands in {_shown(path)}.")
    try:
        whole = Environment.of({key: context[key] for key in context if _OUR_KEY.fullmatch(key)})
    except InvalidSettings as error:
        raise LocalError(f"{_shown(path)} with OPTIONS: {error}") from error
    return Settings(
        path=_shown(path),
        region=place.region,
        account=place.account,
        stack_name=whole.stack_name,
        context=context,
        options=tuple(rest),
    )


def _path(name: str, folder: Path) -> Path:
    found = sorted(each.stem for each in folder.glob("*.toml"))
    there = ", ".join(found) or "none"
    how = f"There are: {there}. A new one begins as a copy of environments/example.toml."
    if not name:
        raise LocalError(f"Which environment? make deploy ENV=production. {how}")
    path = folder / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise LocalError(f"{_shown(path)} does not exist. {how}")
    return path


def _check(values: Mapping[str, object], text: str, path: Path) -> SettingsFile:
    """Strictly: a number in quotes is a slip in a file, while on a command line all is text."""
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    try:
        return SettingsFile.model_validate({**values, **lists}, strict=True)
    except ValidationError as invalid:
        problems = list(_problems(invalid.errors(include_url=False), text))
    raise LocalError("\n  ".join([f"{_shown(path)} is wrong:", *problems]))


def _problems(errors: Sequence[ErrorDetails], text: str) -> Iterator[str]:
    for error in errors:
        reason = error["msg"].removeprefix("Value error, ")
        if not error["loc"]:
            yield reason
            continue
        key = str(error["loc"][0])
        match error["type"]:
            case "missing":
                yield f"{key} is missing: {_meaning(key)}"
            case "extra_forbidden":
                yield f"{_line(key, text)}{key} is no setting{_guess(key)}"
            case _:
                yield f"{_line(key, text)}{key} = {error['input']!r}: {reason}"


def _line(key: str, text: str) -> str:
    """Where the key stands, for an editor to go to."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*(\[\s*)?[\"']?{re.escape(key)}\b", line):
            return f"line {number}: "
    return ""


def _guess(key: str) -> str:
    close = get_close_matches(key, SettingsFile.model_fields, n=1)
    return f": did you mean {close[0]}?" if close else "; docs/settings.md lists all"


def _meaning(key: str) -> str:
    return (SettingsFile.model_fields[key].description or "").partition("\n")[0]


def _as_context(value: object) -> str:
    """As `-c key=value` would say it: the CDK's context on the command line is text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)


def _shown(path: Path) -> str:
    """As a person would name it."""
    return str(Path(path.parent.name, path.name))
