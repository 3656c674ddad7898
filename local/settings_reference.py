"""`make settings`: docs/settings.md, from the very model that checks a deployment's settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from local.cdk import QUIET
from local.places import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "docs" / "settings.md"

_HEAD = """\
# Settings

All that may differ between two deployments. A setting stands in `environments/<name>.toml`
([how to deploy](deploy.md)) or after `OPTIONS="-c key=value"`, which wins. Written by
`make settings` from the models in `infra/`, which check each value before AWS is asked anything.

| setting | what it may be | default | what it is |
| --- | --- | --- | --- |
"""


def main() -> int:
    os.environ.update(QUIET)  # before the CDK's library starts and has its say about Node
    REFERENCE.write_text(reference(), encoding="utf-8")
    print(f"Wrote {REFERENCE.relative_to(PROJECT_ROOT)}.")
    return 0


def reference() -> str:
    """The whole document: where it leads first, then all settings as the models have them."""
    from local.settings_file import SettingsFile

    schema = SettingsFile.model_json_schema()
    required = set(schema["required"])
    described: dict[str, dict[str, Any]] = schema["properties"]
    place = ("region", "account")
    ordered = [*place, *(key for key in described if key not in place)]
    return _HEAD + "".join(_row(key, described[key], key in required) for key in ordered)


def _row(key: str, described: Mapping[str, Any], is_required: bool) -> str:
    default = "none, say it" if is_required else _default(described.get("default"))
    meaning = " ".join(described["description"].split()).replace("|", "\\|")
    return f"| `{key}` | {_possible(described)} | {default} | {meaning} |\n"


def _default(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case [] | ():
            return "`[]`"
    return f"`{value}`"


def _possible(described: Mapping[str, Any]) -> str:
    [wanted] = [each for each in described.get("anyOf", [described]) if each.get("type") != "null"]
    match wanted:
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case {"pattern": pattern}:
            return f"text like `{pattern}`".replace("|", "\\|")
        case {"type": "array"}:
            return "list of texts"
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": "integer"}:
            return ", ".join(["whole number", *_limits(wanted)])
        case {"type": "number"}:
            return ", ".join(["number", *_limits(wanted)])
    return ", ".join(["text", *_lengths(wanted)])


def _limits(wanted: Mapping[str, Any]) -> Iterator[str]:
    words = {
        "minimum": "at least",
        "exclusiveMinimum": "more than",
        "maximum": "at most",
        "exclusiveMaximum": "less than",
    }
    for key, word in words.items():
        if key in wanted:
            yield f"{word} {wanted[key]:,}"


def _lengths(wanted: Mapping[str, Any]) -> Iterator[str]:
    if "maxLength" in wanted:
        yield f"at most {wanted['maxLength']} characters"


if __name__ == "__main__":
    sys.exit(main())
