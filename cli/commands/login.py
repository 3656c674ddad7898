"""`carillon login`, `logout` and `whoami`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli import browser_sign_in, deployment, showing, times
from cli.api import Api
from cli.deployment import Deployment
from cli.errors import Misused
from cli.jwt import claims_of
from cli.options import AsJson, Profile, Region, Stack
from cli.session import session_of
from cli.sign_ins import SignIn, SignIns
from cli.tokens import PersonsToken


def add_to(app: typer.Typer) -> None:
    """Give the program its commands."""
    app.command("login")(login)
    app.command("logout")(logout)
    app.command("whoami")(whoami)


def login(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Option("--url", help="The deployment, by its stack's output ApiUrl.")
    ] = None,
    profile: Profile = None,
    region: Region = None,
    stack: Stack = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address to open.")
    ] = False,
) -> None:
    """Sign in, in your browser; later commands go to that deployment.

    The local stack needs no login. A program needs none either: it sets CARILLON_URL,
    CARILLON_CLIENT_ID and CARILLON_CLIENT_SECRET. Options about AWS are remembered for `logs`,
    `dead-letters` and `doctor`.

    Example: `carillon login --url https://abc123.execute-api.eu-central-1.amazonaws.com`
    """
    session = session_of(context)
    around = session.around
    given = url or session.url or around.environment.get("CARILLON_URL")
    if not given:
        raise Misused("Sign in where? --url https://…", "The local stack needs no login.")
    address = deployment.normal(given)
    settings = deployment.sign_in_settings(around.web, address)
    granted = browser_sign_in.run(around, settings, open_browser=not no_browser)
    sign_ins = SignIns(around.config_home)
    sign_in = SignIn(
        url=address,
        token_url=str(settings["token_url"]),
        client_id=str(settings["client_id"]),
        access_token=granted.access_token,
        expires_at=around.now().timestamp() + granted.expires_in,
        refresh_token=granted.refresh_token,
        profile=profile,
        region=region,
        stack=stack,
    )
    sign_ins.keep(sign_in, as_current=True)
    around.err.print(f"[green]✓[/] Signed in to {address}.")


def logout(context: typer.Context) -> None:
    """Forget the sign-in; commands go to the local stack again.

    Example: `carillon logout`
    """
    session = session_of(context)
    sign_ins = SignIns(session.around.config_home)
    current = sign_ins.of(session.url) if session.url else sign_ins.current()
    if current is None:
        session.around.err.print("You are not signed in.")
        return
    sign_ins.forget(current.url)
    session.around.err.print(f"[green]✓[/] Signed out of {current.url}.")


def whoami(context: typer.Context, as_json: AsJson = False) -> None:
    """Show which deployment commands go to, and as whom.

    Example: `carillon whoami`
    """
    session = session_of(context)
    found = session.deployment
    token = found.tokens()
    Api(found, sleep=session.around.sleep).get("/mailings", limit=1)
    claims = claims_of(token) or {}
    told = {
        "url": found.url,
        "local": found.is_local,
        "subject": claims.get("sub"),
        "scopes": _scopes(claims),
        "expires_at": claims.get("exp"),
    }
    if as_json:
        showing.json_line(told)
        return
    rows = [
        ("deployment", escape(found.name)),
        ("you are", escape(str(told["subject"] or "somebody: the token is no JWT"))),
        ("permitted", escape(", ".join(_scopes(claims)) or "not said")),
        ("AWS", escape(found.aws.place)),
    ]
    if isinstance(told["expires_at"], int):
        rows.append(("token until", _until(told["expires_at"], found, session.around.zone)))
    session.around.out.print(showing.facts(rows))


def _scopes(claims: dict[str, Any]) -> list[str]:
    said = claims.get("scope") or claims.get("scp") or []
    return said.split() if isinstance(said, str) else [str(each) for each in said]


def _until(at: int, found: Deployment, zone: Any) -> str:
    from datetime import UTC, datetime

    renewed = ", renewed by itself" if isinstance(found.tokens, PersonsToken) else ""
    return times.full(datetime.fromtimestamp(at, UTC), zone) + renewed
