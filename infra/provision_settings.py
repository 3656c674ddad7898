"""The settings of what can be had ready before it is needed, as part of a deployment's environment.

All are off by default: an idle stack costs nothing for any of them. Reserved concurrency, which is
free, stands with the other limits in `infra.environment`.
"""

from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# What a new on-demand table can do at once. DynamoDB refuses less than what a table has already, so
# a lower number could not even be deployed.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html
_NEW_TABLE_READS: Final = 12_000
_NEW_TABLE_WRITES: Final = 4_000

# As much as anybody may ask for without a word with AWS is 40,000 of each; a raised quota is the
# account's own, so the limit here only catches a slip of the finger.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
_MOST: Final = 10_000_000

WarmReads = Annotated[int, Field(ge=_NEW_TABLE_READS, le=_MOST)] | None
WarmWrites = Annotated[int, Field(ge=_NEW_TABLE_WRITES, le=_MOST)] | None

# https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes
_SNAP_START_SINCE: Final = (3, 12)


class ProvisionSettings(BaseModel):
    """What is paid for ahead: tables that stand a first rush, an API that starts from memory."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    messages_warm_reads_per_s: WarmReads = None
    """Read units a second that the table of messages can do at once; none, or empty, for what it
    has. AWS charges once for raising it, and it never goes down again: a number below what the
    table has by now is refused, and taking the setting out changes nothing."""

    messages_warm_writes_per_s: WarmWrites = None
    """The same for its write units. Each message takes three: it is inserted, claimed, recorded."""

    clients_warm_reads_per_s: WarmReads = None
    """The same for reading the directory: a fan-out reads all of it, each sender its clients."""

    clients_warm_writes_per_s: WarmWrites = None
    """The same for writing it: an import of a large file."""

    api_snap_start: bool = False
    """Start the API from a snapshot of its memory instead of anew: cold requests are quicker. AWS
    charges for keeping the snapshot, all the time, and for each start from it."""

    @field_validator(
        "messages_warm_reads_per_s",
        "messages_warm_writes_per_s",
        "clients_warm_reads_per_s",
        "clients_warm_writes_per_s",
        mode="before",
    )
    @classmethod
    def _empty_is_not_raised(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _can_be_snapped(self) -> Self:
        python = str(getattr(self, "lambda_python", "3.12"))  # a field of the whole environment
        if self.api_snap_start and tuple(map(int, python.split("."))) < _SNAP_START_SINCE:
            raise ValueError("api_snap_start needs lambda_python=3.12 or newer")
        return self
