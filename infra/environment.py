"""What may differ between two deployments of Carillon, as data.

Every value comes from the CDK context (`cdk.json` or `-c key=value`), is checked here, and reaches
the constructs as one frozen object. Nothing else in `infra/` reads the context, and nothing asks
where it is being deployed to: a place that needs something else says so with a value.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from aws_cdk import RemovalPolicy
from aws_cdk.aws_logs import RetentionDays
from constructs import Node
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from infra.digest_settings import DigestSettings
from infra.import_settings import ImportSettings
from infra.limits import Concurrency, FunctionTimeoutS, ReservedConcurrency
from infra.log_settings import LogSettings
from infra.monitoring_settings import MonitoringSettings
from infra.provision_settings import ProvisionSettings
from infra.sign_in_settings import NO_PREFIX, SignInSettings, check_address, is_domain_prefix

# CloudWatch Logs accepts only certain periods; these are the ones worth choosing from.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
LOG_RETENTIONS: Final = {
    1: RetentionDays.ONE_DAY,
    3: RetentionDays.THREE_DAYS,
    5: RetentionDays.FIVE_DAYS,
    7: RetentionDays.ONE_WEEK,
    14: RetentionDays.TWO_WEEKS,
    30: RetentionDays.ONE_MONTH,
    60: RetentionDays.TWO_MONTHS,
    90: RetentionDays.THREE_MONTHS,
    120: RetentionDays.FOUR_MONTHS,
    150: RetentionDays.FIVE_MONTHS,
    180: RetentionDays.SIX_MONTHS,
    365: RetentionDays.ONE_YEAR,
    400: RetentionDays.THIRTEEN_MONTHS,
    545: RetentionDays.EIGHTEEN_MONTHS,
    731: RetentionDays.TWO_YEARS,
    1827: RetentionDays.FIVE_YEARS,
    3653: RetentionDays.TEN_YEARS,
}

# The tools' own context keys (`aws:cdk:…`, `@aws-cdk/…`, `cli-telemetry`) all hold another
# character.
_OUR_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")

# What a sender needs beside its slowest call. It begins no batch with less than 12 s left for
# claiming, waiting for a slot and recording (`RECORD_RESERVE_S`, `HORIZON`), and some seconds pass
# before it decides.
_SENDER_MARGIN_S: Final = 15


class InvalidSettings(ValueError):
    """The context describes no deployable environment; the text names each wrong setting."""


class Environment(
    SignInSettings,
    ImportSettings,
    ProvisionSettings,
    LogSettings,
    MonitoringSettings,
    DigestSettings,
):
    """One deployment's settings; each field's docstring is its documentation."""

    stack_name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,99}$")] = "Carillon"
    """The CloudFormation stack's name; several may stand in one account."""

    gateway_url: str = "https://probe.fbrq.cloud/v1"
    """Where messages go: `/send/{id}` is appended to it."""

    gateway_plain_http: bool = False
    """Permit an http `gateway_url`: token, phones and texts can then be read on the way."""

    gateway_timeout_s: Annotated[float, Field(gt=0.5, le=30)] = 10
    """The longest that one call to the gateway may take, from name lookup to the last byte."""

    gateway_parts_per_s: Annotated[float, Field(gt=0, le=100_000)] | None = None
    """SMS parts a second that all senders together hand to the gateway; none, or empty, for as fast
    as it goes. A gateway that answers 429 slows it."""

    gateway_retry_unknown: bool = True
    """Whether a message that the gateway may have accepted is tried again. Only a gateway that
    remembers ids delivers it once; for one that forgets, say false: such messages end as `unknown`
    and a person decides."""

    slices: Annotated[int, Field(ge=1, le=64)] = 8
    """Into how many parallel scan segments a mailing's audience is cut. All are written in the
    transaction that starts the mailing, and a transaction holds 100 items."""

    sender_concurrency: Concurrency = 20
    """Senders at once: what a silent gateway can take of the account's Lambda concurrency."""

    sender_timeout_s: FunctionTimeoutS = 60
    """The sender's function timeout; the visibility timeout of its queue follows from it."""

    fanout_concurrency: Concurrency = 10
    """Fan-out commands at once: a mailing's slices, and other mailings' beside them."""

    fanout_timeout_s: FunctionTimeoutS = 120
    """The fan-out's function timeout; a slice goes on in a new invocation before it is over."""

    api_reserved_concurrency: ReservedConcurrency = None
    """Invocations of the API that are always left for it, and its most; none, or empty, reserves
    nothing. An account whose other functions may use all of its concurrency needs it."""

    sender_reserved_concurrency: ReservedConcurrency = None
    """The same for the sender; at least `sender_concurrency`."""

    fanout_reserved_concurrency: ReservedConcurrency = None
    """The same for the fan-out; at least `fanout_concurrency`."""

    stats_window_s: Annotated[int, Field(ge=0, le=900)] = 30
    """Tumbling window of the messages stream, 0 for none. Only with a window does an event carry
    its shard's id, by which a batch that comes again is recognised among several shards."""

    retention_days: Annotated[int, Field(ge=1, le=3650)] = 400
    """How long a message outlives its final status."""

    recovery_days: Annotated[int, Field(ge=1, le=35)] = 35
    """Days for which a table can be restored as it was at any second; what was deleted, a client's
    data too, is in the backups for as long. Only with `retain_data`."""

    retain_data: bool = True
    """Production's care for data: point-in-time recovery, deletion protection, and tables and
    secret that outlive the stack."""

    log_retention_days: int = 30
    """How long log groups keep their events; one of the periods that CloudWatch Logs knows."""

    api_rate_per_s: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Requests a second that the API lets through; at 50 ms each, 100 keep five functions busy."""

    api_burst: Annotated[int, Field(ge=1, le=5_000)] = 200
    """Requests that the API lets through at once."""

    api_id_tag: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None
    """The HTTP API's tag `ms-custom-id`, from which an emulator takes the API's id."""

    lambda_python: Annotated[str, Field(pattern=r"^3\.1[1-4]$")] = "3.14"
    """Python of the functions' runtime and of the wheels in the dependencies layer."""

    lambda_arch: Literal["arm64", "x86_64"] = "arm64"
    """Processor of the functions; arm64 costs a fifth less per second."""

    wheel_platform: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")] | None = None
    """The platform of the layer's wheels as uv names it, if it is not Linux on `lambda_arch`."""

    @field_validator(
        "gateway_parts_per_s",
        "api_reserved_concurrency",
        "sender_reserved_concurrency",
        "fanout_reserved_concurrency",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("gateway_url")
    @classmethod
    def _is_a_base_url(cls, url: str) -> str:
        check_address(url)
        if not url.isascii():
            raise ValueError("must be ASCII: a host of other letters is written as xn--...")
        return url.rstrip("/")

    @field_validator("log_retention_days")
    @classmethod
    def _is_known_to_cloudwatch(cls, days: int) -> int:
        if days not in LOG_RETENTIONS:
            raise ValueError(f"must be one of {', '.join(map(str, LOG_RETENTIONS))}")
        return days

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.gateway_url.startswith("http:") and not self.gateway_plain_http:
            raise ValueError(
                "gateway_url is plain http: token, phones and texts could be read on the way;"
                " use https, or say gateway_plain_http=true"
            )
        if self.lambda_python == "3.11" and self.wheel_platform is None:
            raise ValueError(
                "lambda_python=3.11 runs on Amazon Linux 2, whose glibc is too old for the layer's"
                " wheels: use 3.12 or newer"
            )
        has_pool_at_own_name = self.oidc_issuer is None and self.auth_domain_prefix is None
        if has_pool_at_own_name and not is_domain_prefix(self.stack_name.lower().rstrip("-")):
            raise ValueError(f"{NO_PREFIX}: say auth_domain_prefix=... beside this stack_name")
        if self.gateway_timeout_s + _SENDER_MARGIN_S > self.sender_timeout_s:
            raise ValueError(
                f"sender_timeout_s must be at least {_SENDER_MARGIN_S} s more than"
                " gateway_timeout_s, or a slow call outlives the function that should record it"
            )
        for name in ("sender", "fanout"):
            reserved = getattr(self, f"{name}_reserved_concurrency")
            if reserved is not None and reserved < getattr(self, f"{name}_concurrency"):
                raise ValueError(
                    f"{name}_reserved_concurrency must be at least {name}_concurrency, or records"
                    " are received that nobody may work"
                )
        return self

    @classmethod
    def from_context(cls, node: Node) -> Self:
        """Read the settings from the context of the app's root node.

        Raises:
            InvalidSettings: naming every unknown key and every value that does not fit.
        """
        context = node.get_all_context()
        return cls.of({key: value for key, value in context.items() if _OUR_KEY.fullmatch(key)})

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Read the settings from `values`, which may be strings as the command line gives them.

        Raises:
            InvalidSettings: as for `from_context`.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as invalid:
            problems = [_in_words(error) for error in invalid.errors(include_url=False)]
        raise InvalidSettings("\n  ".join(["the deployment's settings are wrong:", *problems]))

    @property
    def log_retention(self) -> RetentionDays:
        """`log_retention_days` as CDK's constructs want it."""
        return LOG_RETENTIONS[self.log_retention_days]

    @property
    def removal_policy(self) -> RemovalPolicy:
        """What becomes of data when its resource leaves the stack."""
        return RemovalPolicy.RETAIN if self.retain_data else RemovalPolicy.DESTROY

    @property
    def wheels_for(self) -> str:
        """The platform of the layer's wheels; runtimes from Python 3.12 on have glibc 2.34."""
        processor = {"arm64": "aarch64", "x86_64": "x86_64"}[self.lambda_arch]
        return self.wheel_platform or f"{processor}-manylinux_2_28"


def _in_words(error: ErrorDetails) -> str:
    reason = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return reason
    name = ".".join(str(part) for part in error["loc"])
    return f"{name}={error['input']}: {reason}"
