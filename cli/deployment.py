"""Which deployment a command speaks to. The first that applies:

1. `--url`, or CARILLON_URL: with CARILLON_TOKEN, with CARILLON_CLIENT_ID and
   CARILLON_CLIENT_SECRET, or as signed in there
2. the deployment that the operator signed in to last, until `carillon logout`
3. the local stack of this clone

Whether the local stack happens to run plays no part, so that no command goes to production because
something at home was stopped; `--local` skips the first two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import requests

from cli import local_stack
from cli.aws import Aws, NoAws, RemoteAws, is_loopback
from cli.errors import Misused, NotSignedIn, Unreachable
from cli.sign_ins import SignIn, SignIns
from cli.surroundings import Surroundings
from cli.tokens import GivenToken, PersonsToken, ProgramsToken, TokenSource

LIMIT_S = 30

NO_LOCAL_ACCOUNT = (
    "For logs, dead letters and doctor of a local stack leave out CARILLON_URL and --url."
)


@dataclass(frozen=True, kw_only=True)
class AwsOptions:
    """How the deployment's AWS account is to be found, as far as the command says."""

    profile: str | None = None
    region: str | None = None
    stack: str | None = None


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One deployment: its API, whose token opens it, and its account."""

    url: str
    tokens: TokenSource
    web: Callable[[], requests.Session]
    aws: Aws
    is_local: bool = False

    @property
    def name(self) -> str:
        """For people."""
        return f"the local stack ({self.url})" if self.is_local else self.url


def find(around: Surroundings, *, url: str | None, local: bool, options: AwsOptions) -> Deployment:
    """The deployment of a command, as the module says."""
    given = url or around.environment.get("CARILLON_URL")
    if given and url and local:
        raise Misused("--url and --local name two deployments.")
    if given and not local:
        return _named(around, normal(given), options)
    current = None if local else SignIns(around.config_home).current()
    if current is not None:
        return _signed_in(around, current, options)
    return _local(around)


def normal(url: str) -> str:
    """Without a slash at the end; `Misused` for what a token must not be sent to."""
    url = url.rstrip("/")
    if not url.startswith("https://") and not (url.startswith("http://") and is_loopback(url)):
        raise Misused(f"{url!r} is no https:// address.", "Tokens could be read on the way.")
    return url


def _named(around: Surroundings, url: str, options: AwsOptions) -> Deployment:
    """By its address; the environment's credentials come before a sign-in."""
    kept = SignIns(around.config_home).of(url)
    token = around.environment.get("CARILLON_TOKEN")
    program = around.environment.get("CARILLON_CLIENT_ID")
    secret = around.environment.get("CARILLON_CLIENT_SECRET")
    tokens: TokenSource
    if token:
        tokens = GivenToken(token)
    elif program and secret:
        tokens = _program(around, url, (program, secret))
    else:
        tokens = _person(around, url)
    return Deployment(url=url, tokens=tokens, web=_web(around, url), aws=_aws(url, kept, options))


def _signed_in(around: Surroundings, kept: SignIn, options: AwsOptions) -> Deployment:
    return Deployment(
        url=kept.url,
        tokens=_person(around, kept.url),
        web=_web(around, kept.url),
        aws=_aws(kept.url, kept, options),
    )


def _local(around: Surroundings) -> Deployment:
    stack = local_stack.find(around.local_home)
    web = _web(around, stack.url)
    return Deployment(
        url=stack.url,
        tokens=stack.tokens(web=web, now=around.now),
        web=web,
        aws=stack.aws(),
        is_local=True,
    )


def _aws(url: str, kept: SignIn | None, options: AwsOptions) -> Aws:
    """What the command says comes before what was said at sign-in."""
    if is_loopback(url):
        return NoAws(NO_LOCAL_ACCOUNT)
    return RemoteAws(
        profile=options.profile or (kept.profile if kept else None),
        region=options.region or (kept.region if kept else None),
        stack=options.stack or (kept.stack if kept else None),
    )


def _person(around: Surroundings, url: str) -> PersonsToken:
    return PersonsToken(
        sign_ins=SignIns(around.config_home), url=url, web=_web(around, url), now=around.now
    )


def _program(around: Surroundings, url: str, credentials: tuple[str, str]) -> ProgramsToken:
    sign_ins, key = SignIns(around.config_home), f"{url} {credentials[0]}"
    return ProgramsToken(
        load=lambda: sign_ins.issued(key),
        keep=lambda issued: sign_ins.keep_issued(key, issued),
        token_url=lambda: str(sign_in_settings(_web(around, url), url)["token_url"]),
        credentials=lambda: credentials,
        web=_web(around, url),
        now=around.now,
    )


def sign_in_settings(web: Callable[[], requests.Session], url: str) -> dict[str, object]:
    """How one signs in to the deployment, as it tells itself at `/auth/config`."""
    try:
        with web() as session:
            answer = session.get(f"{url}/auth/config", timeout=LIMIT_S)
        found = answer.json() if answer.ok else {}
    except (requests.RequestException, ValueError) as error:
        raise Unreachable(f"{url} does not answer: {type(error).__name__}.") from error
    if not isinstance(found, dict) or "token_url" not in found:
        raise NotSignedIn(f"{url} does not tell how to sign in: HTTP {answer.status_code}.")
    return found


def _web(around: Surroundings, url: str) -> Callable[[], requests.Session]:
    """Sessions that ask no proxy for what is on this machine."""

    def session() -> requests.Session:
        made = around.web()
        if is_loopback(url):
            made.trust_env = False
        return made

    return session
