"""Where we do not follow AWS's rules for what is deployed, and why that is right here.

The rules are those of cdk-nag's pack AwsSolutions; tests/infra/test_rules.py runs them over the
stack. What is written here is all that they would find: a finding without a reason fails the tests,
and so does a reason without a finding. CDK keeps the reasons in the cloud assembly, not in the
template, for whoever has the pack look at a deployment.
https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
"""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct

from infra.environment import Environment

_STREAMS: Final = (
    "Listing a table's streams can only be permitted for all streams of that one table; Lambda"
    " lists them before it reads the one that it may read"
)
_KEYS: Final = (
    "A file's key is its import's random id, so all keys below one prefix of our own bucket are"
    " named; each function may do one thing with them"
)
_BUCKET: Final = "UploadsBucketC4B27CC7"
_OPEN: Final = "Open on purpose, to be read without a token"


@dataclass(frozen=True)
class Accepted:
    """A rule's finding at a construct, named by its path in the stack, and why it may stand."""

    path: str
    rule: str
    reason: str


_ALWAYS: Final = (
    Accepted(
        "Queues/Undeliverable",
        "SQS3",
        "It is a dead-letter queue: of Scheduler and of the streams' event sources, whose"
        " settings name it. The rule knows only those that another queue names",
    ),
    Accepted(
        "GatewayToken",
        "SMG4",
        "The gateway's owner issues the token and has no interface to renew it; an operator puts"
        " a new one there, and it is in use within five minutes",
    ),
    Accepted(
        "Planner/Role/DefaultPolicy",
        "IAM5[Resource::<TablesMailings2AC4197B.Arn>/stream/*]",
        _STREAMS,
    ),
    Accepted(
        "Stats/Role/DefaultPolicy",
        "IAM5[Resource::<TablesMessages5F3A57D1.Arn>/stream/*]",
        _STREAMS,
    ),
    Accepted(
        "Planner/Role/DefaultPolicy",
        "IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>"
        ":schedule/<SchedulesGroupC7F67308>/*]",
        "A schedule's name is made of its mailing's id and time; nobody else's schedules stand in"
        " the group, which is the stack's own",
    ),
    Accepted(
        "Uploads/Bucket",
        "S1",
        "Nothing in it lives longer than a day, only two of our functions reach it, and both log"
        " what they do; a log of requests would cost a second bucket that is read by nobody",
    ),
    *(
        Accepted(f"{who}/Role/DefaultPolicy", f"IAM5[Resource::<{_BUCKET}.Arn>/{prefix}/*]", _KEYS)
        for who in ("Api", "Importer")
        for prefix in ("imports", "rejected")
    ),
    Accepted("HttpApi/Api/GET--health", "APIG4", f"{_OPEN}: it says whether the API works"),
    Accepted("HttpApi/Api/GET--openapi.json", "APIG4", f"{_OPEN}: it describes the API, no data"),
    Accepted("HttpApi/Api/GET--docs", "APIG4", f"{_OPEN}: a static page, which asks for sign-in"),
    Accepted("HttpApi/Api/GET--docs--{file+}", "APIG4", f"{_OPEN}: static files of that page"),
    Accepted("HttpApi/Api/GET--auth--config", "APIG4", f"{_OPEN}: it tells where to sign in"),
    Accepted("HttpApi/Api/GET--auth--authorize", "APIG4", f"{_OPEN}: it leads to the sign-in"),
    Accepted("HttpApi/Api/POST--auth--token", "APIG4", f"{_OPEN}: it is where a token comes from"),
    Accepted("HttpApi/Api/GET--", "APIG4", f"{_OPEN}: the admin page, which holds no data"),
    Accepted("HttpApi/Api/GET--assets--{proxy+}", "APIG4", f"{_OPEN}: static files of that page"),
)

_MFA_LEFT_OPEN: Final = (
    Accepted(
        "SignIn/Pool",
        "COG2",
        "Whether a second factor is demanded of all operators is the owner's decision:"
        " mfa_required=true does, and an identity provider of one's own can",
    ),
)

_OWN_POOL: Final = (
    Accepted(
        "SignIn/Pool",
        "COG8",
        "What the plus plan adds costs for each operator and month; without one's own registration"
        " and with strong passwords there is little for it to find",
    ),
)

_TABLES: Final = (
    "Clients",
    "Phones",
    "Idempotency",
    "Mailings",
    "Messages",
    "Stats",
    "Gateway",
    "Imports",
)


def accepted(environment: Environment) -> tuple[Accepted, ...]:
    """All that the rules find in a stack of this environment."""
    found: tuple[Accepted, ...] = _ALWAYS
    if not environment.oidc_issuer:
        found += _OWN_POOL if environment.mfa_required else (*_OWN_POOL, *_MFA_LEFT_OPEN)
    if environment.retain_data:
        return found
    passing = "Asked for by retain_data=false: a stack to try things out keeps nothing"
    return (*found, *(Accepted(f"Tables/{table}", "DDB3", passing) for table in _TABLES))


def accept(stack: Stack, environment: Environment) -> None:
    """Tell CDK the reasons, each at the construct that it is for."""
    for each in accepted(environment):
        construct: IConstruct = stack
        for name in each.path.split("/"):
            construct = construct.node.find_child(name)
        Validations.of(construct).acknowledge(
            Acknowledgment(id=f"AwsSolutions::AwsSolutions-{each.rule}", reason=each.reason)
        )
