"""The settings of what is logged, as part of a deployment's environment."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, field_validator

from infra.assets import ROOT

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

FUNCTIONS: Final = frozenset(
    handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py")
)


class LogSettings(BaseModel):
    """From which level on each function logs, and whether its log groups come with queries."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    log_level: Level = "INFO"
    """The least severe level that the functions log. With WARNING no line tells of what went well;
    retries, refusals and failures still are there. No line is sampled at any level."""

    log_levels: dict[str, Level] = {}
    """The same for some functions alone, such as `sender=WARNING,stats=ERROR`."""

    log_queries: bool = True
    """Save queries for CloudWatch Logs Insights: the story of a mailing, a message, a client."""

    @field_validator("log_levels", mode="before")
    @classmethod
    def _are_pairs(cls, levels: object) -> object:
        if not isinstance(levels, str):
            return levels
        pairs = (each.partition("=") for each in levels.split(",") if each)
        return {name.strip(): level.strip() for name, _, level in pairs}

    @field_validator("log_levels")
    @classmethod
    def _are_of_functions(cls, levels: dict[str, Level]) -> dict[str, Level]:
        unknown = sorted(levels.keys() - FUNCTIONS)
        if unknown:
            raise ValueError(
                f"there is no function {', '.join(unknown)}, only {', '.join(sorted(FUNCTIONS))}"
            )
        return levels

    def level_of(self, function: str) -> Level:
        """From which level on this function logs."""
        return self.log_levels.get(function, self.log_level)
