"""AWS's clients with explicit limits, and the one place where AWS's errors become ours.

They are botocore's own, which boto3 hands out as they are: what boto3 adds (resources, managed
transfers) nobody here uses, and importing it takes another 0.02 s of CPU.

Whatever may succeed when it is asked again (throttling, a 5xx, a timeout, a broken connection)
becomes `errors.Unavailable`. Anything else, such as a refused permission or a malformed request,
is a mistake of ours: it stays the ClientError that it is and is loud.
"""

import gzip
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.loaders import JSONFileLoader, Loader
from botocore.parsers import ResponseParserError
from botocore.session import Session
from pydantic_core import from_json

from carillon.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

CONNECT_TIMEOUT_S = 2
"""A connection inside a region takes milliseconds; longer means a lost packet or a dead host."""

READ_TIMEOUT_S = 5
"""Our slowest call (25 statements, 100 items) takes well under a second."""

ATTEMPTS_MAX = 3
"""With both timeouts and botocore's pauses 24 s at most: less than the 30 s of an HTTP API."""

CONNECTIONS_MAX = 32
"""More than any function has threads, so that none waits for, or throws away, a connection."""

PARTIAL_ATTEMPTS_MAX = 6
PARTIAL_PAUSE_S = 0.05
"""What a batch call left undone is asked for again after up to 0.05, 0.1, ... 0.8 s: 1.5 s at most,
long enough for a table to split a hot partition's burst, short enough for a waiting API caller."""

_PASSING = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "OverLimit",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_CONFIG = Config(
    connect_timeout=CONNECT_TIMEOUT_S,
    read_timeout=READ_TIMEOUT_S,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS_MAX},
    max_pool_connections=CONNECTIONS_MAX,
    tcp_keepalive=True,
    # botocore puts its own together from thirty parts, twice for each request: a tenth of its time.
    user_agent="carillon",
)

_UNCHECKED = Config(
    # botocore looks at each value of a request before it sends it, which is half of what a batch of
    # 25 statements costs us (0.9 of 1.7 ms). Whatever goes in was typed or read by a model of ours,
    # DynamoDB and SQS refuse what they cannot read, and the contract tests check every request.
    parameter_validation=False,
)

QUICK_CONNECT_TIMEOUT_S = 1
QUICK_READ_TIMEOUT_S = 4
"""For what somebody looks at while they wait and can do without: no second try, 5 s at most. A page
of a scan that eight threads ask for at once may take its second or two."""

_QUICK = _CONFIG.merge(
    Config(
        connect_timeout=QUICK_CONNECT_TIMEOUT_S,
        read_timeout=QUICK_READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
)

_S3_CONFIG = _CONFIG.merge(
    Config(
        # A browser uploads to an address that boto3 signs: the bucket's own one in its region. The
        # global address, boto3's default in one region, may answer a new bucket with a redirect.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
        # What is signed must not ask a browser for a checksum of a kind that it cannot make.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
)

_MAIL_READ_TIMEOUT_S = 20
_MAIL_CONFIG = _CONFIG.merge(
    Config(
        # An e-mail whose answer was lost may have gone out. Who sends it decides whether to do so
        # again, so nothing does that by itself; and waiting longer is better than sending twice.
        read_timeout=_MAIL_READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
)

_random = secrets.SystemRandom()

Service = Literal["dynamodb", "sqs", "s3", "scheduler", "secretsmanager", "sesv2"]


class _Files(JSONFileLoader):
    """Reads a model in a third of the time that botocore takes for its ordered dictionaries: since
    Python 3.7 every dictionary keeps its order."""

    def load_file(self, file_path: str) -> Any:
        """What the file holds, packed or not; None if there is neither."""
        for suffix, unpacked in ((".json", bytes), (".json.gz", gzip.decompress)):
            with suppress(FileNotFoundError):
                return from_json(unpacked(Path(file_path + suffix).read_bytes()))
        return None


class _Models(Loader):
    """Finds the models of services in botocore's own folder, and nowhere else."""

    def __init__(self) -> None:
        own = [self.BUILTIN_DATA_PATH]
        super().__init__(own, _Files(), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore's
        """Those that are used here. botocore asks only whether a client's service is among them;
        its own answer comes from a look into each of its 400 folders, twice: 0.02 s."""
        return sorted(get_args(Service))


@cache
def session() -> Session:
    """One for all clients: they share what it read of configuration, credentials and regions."""
    made = Session()
    made.register_component("data_loader", _Models())
    return made


@overload
def client(service: Literal["dynamodb"], *, quick: bool = ...) -> "DynamoDBClient": ...
@overload
def client(service: Literal["sqs"], *, quick: bool = ...) -> "SQSClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["scheduler"]) -> "EventBridgeSchedulerClient": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
@overload
def client(service: Literal["sesv2"]) -> "SESV2Client": ...
def client(service: Service, *, quick: bool = False) -> object:
    """A client for one service; make it once, at a function's init, and share it among threads.

    A `quick` one gives up early, and that for e-mail asks once.
    """
    if service == "s3":
        config = _S3_CONFIG
    elif service == "sesv2":
        config = _MAIL_CONFIG
    else:
        config = _QUICK if quick else _CONFIG
    if service in ("dynamodb", "sqs"):
        config = config.merge(_UNCHECKED)
    return session().create_client(service, config=config)


def error_code(error: ClientError) -> str:
    """AWS's name for what went wrong."""
    return error.response.get("Error", {}).get("Code", "")


@contextmanager
def translated() -> Iterator[None]:
    """Wrap calls to AWS: what may pass by itself is raised as `Unavailable`."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or error_code(error) in _PASSING:
            raise Unavailable(f"{error.operation_name}: {error_code(error)}") from error
        raise
    except (NotConnected, HTTPClientError, IncompleteReadError, ResponseParserError) as error:
        raise Unavailable(type(error).__name__) from error


def attempts() -> Iterator[int]:
    """Turns at a call that may do only part of its work, with growing random pauses between.

    The pauses have full jitter, so that callers who were throttled together do not return together.
    """
    for turn in range(PARTIAL_ATTEMPTS_MAX):
        if turn:
            time.sleep(_random.uniform(0, PARTIAL_PAUSE_S * 2 ** (turn - 1)))
        yield turn
