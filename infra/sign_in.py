"""Who issues the tokens that the API accepts: a user pool of this stack, or a provider elsewhere.

What follows from it, the API's authorizer and the `api` function's settings, is the same for both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Aws, Fn
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.environment import Environment

RESOURCE_SERVER: Final = "carillon"
READ: Final = "carillon/read"
WRITE: Final = "carillon/write"

# Below the API's address: where the provider sends a browser back to. The admin page, which is the
# address itself, is both.
ADMIN_PATH: Final = ""
CALLBACK_PATH: Final = "docs/oauth2-redirect.html"
SIGNED_OUT_PATH: Final = "docs"

# Where the command line waits for its code, on the operator's own machine (RFC 8252, section 7.3).
# Cognito compares addresses letter by letter, the port with them, and takes plain http for this one
# name alone. Whoever else listens there has no verifier, without which the code is worth nothing.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
COMMAND_LINE_CALLBACK: Final = "http://localhost:18473/callback"

# A stolen access token is good for an hour. Who goes on working gets a new one for a day without
# signing in again.
_ACCESS_MINUTES: Final = 60
_REFRESH_DAYS: Final = 1
# A program asks seldom, as each token costs, and what it asked for now is good for a whole hour.
_MACHINE_ACCESS_MINUTES: Final = 120

_PASSWORD_LENGTH_MIN: Final = 12
_INVITATION_DAYS: Final = 3

# No sign-in with a password by API calls: only the managed login asks for passwords. Left out, the
# clients would have it.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
_AUTH_FLOWS: Final = ["ALLOW_REFRESH_TOKEN_AUTH"]

# "Domain" has at most 63 characters, of which a dash and the account's number take 13.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
_PREFIX_NAME_MAX: Final = 50

# The pages that can be styled, instead of the classic ones.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
_MANAGED_LOGIN: Final = 2


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What the API has to know of the provider: whose tokens, for whom, and how a page gets one.

    `console_client_id` is the public client that our pages are; empty, nobody signs in on them.
    `requested_audience` is what some providers want to be told before they issue tokens for an API.
    """

    issuer: str
    audiences: list[str]
    configuration_url: str
    console_client_id: str
    requested_audience: str = ""


def foreign(environment: Environment) -> SignIn | None:
    """The provider elsewhere, such as Auth0 or Keycloak, if the settings name one."""
    issuer, audience = environment.oidc_issuer, environment.oidc_audience
    if issuer is None or audience is None:
        return None
    return SignIn(
        issuer=issuer,
        audiences=[audience],
        configuration_url=_configuration_url(issuer),
        console_client_id=environment.oidc_client_id or "",
        requested_audience=audience,
    )


class UserPool(Construct):
    """People sign in on Cognito's managed login, programs with credentials of their own.

    Nobody signs up: people are invited. The clients may ask for our scopes and nothing else.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, api_url: str
    ) -> None:
        super().__init__(scope, construct_id)
        self._environment = environment
        self._pool = self._make_pool()
        self.id = self._pool.ref
        scopes = self._make_scopes()
        self.console = self._make_console(api_url)
        self.machine = self._make_machine()
        for client in (self.console, self.machine):
            client.add_resource_dependency(scopes)
        self._make_managed_login()

    def sign_in(self) -> SignIn:
        """What the API has to know of it."""
        issuer = f"https://cognito-idp.{Aws.REGION}.amazonaws.com/{self.id}"
        elsewhere = self._environment.cognito_url
        return SignIn(
            issuer=issuer,
            audiences=[self.console.ref, self.machine.ref],
            configuration_url=_configuration_url(f"{elsewhere}/{self.id}" if elsewhere else issuer),
            console_client_id=self.console.ref,
        )

    def _make_pool(self) -> cognito.CfnUserPool:
        environment, make = self._environment, cognito.CfnUserPool
        pool = make(
            self,
            "Pool",
            user_pool_tier="ESSENTIALS",  # the cheapest with the managed login
            username_attributes=["email"],
            username_configuration=make.UsernameConfigurationProperty(case_sensitive=False),
            admin_create_user_config=make.AdminCreateUserConfigProperty(
                allow_admin_create_user_only=True
            ),
            policies=make.PoliciesProperty(
                password_policy=make.PasswordPolicyProperty(
                    minimum_length=_PASSWORD_LENGTH_MIN,
                    require_lowercase=True,
                    require_uppercase=True,
                    require_numbers=True,
                    require_symbols=True,
                    temporary_password_validity_days=_INVITATION_DAYS,
                )
            ),
            mfa_configuration="ON" if environment.mfa_required else "OPTIONAL",
            enabled_mfas=["SOFTWARE_TOKEN_MFA"],
            auto_verified_attributes=["email"],
            account_recovery_setting=make.AccountRecoverySettingProperty(
                recovery_mechanisms=[make.RecoveryOptionProperty(name="verified_email", priority=1)]
            ),
            deletion_protection="ACTIVE" if environment.retain_data else "INACTIVE",
        )
        pool.apply_removal_policy(environment.removal_policy)
        return pool

    def _make_scopes(self) -> cognito.CfnUserPoolResourceServer:
        make = cognito.CfnUserPoolResourceServer
        return make(
            self,
            "Scopes",
            user_pool_id=self.id,
            identifier=RESOURCE_SERVER,
            name="Carillon",
            scopes=[
                make.ResourceServerScopeTypeProperty(
                    scope_name="read",
                    scope_description="Look at clients, mailings, messages and statistics",
                ),
                make.ResourceServerScopeTypeProperty(
                    scope_name="write",
                    scope_description="Change clients and mailings, and so send messages",
                ),
            ],
        )

    def _make_console(self, api_url: str) -> cognito.CfnUserPoolClient:
        """Our pages and the command line. They hold no secret: PKCE binds a code to who asked."""
        origins = [api_url, *(f"{origin}/" for origin in self._environment.page_origins)]
        return self._make_client(
            "Console",
            generate_secret=False,
            allowed_o_auth_flows=["code"],
            allowed_o_auth_scopes=["openid", READ, WRITE],
            supported_identity_providers=["COGNITO"],
            callback_ur_ls=[*_below(origins, ADMIN_PATH, CALLBACK_PATH), COMMAND_LINE_CALLBACK],
            logout_ur_ls=_below(origins, ADMIN_PATH, SIGNED_OUT_PATH),
            access_token_validity=_ACCESS_MINUTES,
            id_token_validity=_ACCESS_MINUTES,
            refresh_token_validity=_REFRESH_DAYS,
        )

    def _make_machine(self) -> cognito.CfnUserPoolClient:
        """Programs, by a secret that Cognito makes and keeps."""
        return self._make_client(
            "Machine",
            generate_secret=True,
            allowed_o_auth_flows=["client_credentials"],
            allowed_o_auth_scopes=[READ, WRITE],
            access_token_validity=_MACHINE_ACCESS_MINUTES,
        )

    def _make_client(self, construct_id: str, **own: Any) -> cognito.CfnUserPoolClient:
        return cognito.CfnUserPoolClient(
            self,
            construct_id,
            user_pool_id=self.id,
            explicit_auth_flows=_AUTH_FLOWS,
            allowed_o_auth_flows_user_pool_client=True,
            token_validity_units=_UNITS,
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            **own,
        )

    def _make_managed_login(self) -> None:
        """The pages on which people sign in; to a client without a style they would not show."""
        cognito.CfnUserPoolDomain(
            self,
            "Domain",
            user_pool_id=self.id,
            domain=self._environment.auth_domain_prefix or self._own_prefix(),
            managed_login_version=_MANAGED_LOGIN,
        )
        cognito.CfnManagedLoginBranding(
            self,
            "Style",
            user_pool_id=self.id,
            client_id=self.console.ref,
            use_cognito_provided_values=True,
        )

    def _own_prefix(self) -> str:
        """Of the stack's name and the account: nobody else in the region has that."""
        name = self._environment.stack_name.lower()[:_PREFIX_NAME_MAX].rstrip("-")
        return Fn.join("-", [name, Aws.ACCOUNT_ID])


_UNITS: Final = cognito.CfnUserPoolClient.TokenValidityUnitsProperty(
    access_token="minutes",  # noqa: S106 - a unit
    id_token="minutes",  # noqa: S106 - a unit
    refresh_token="days",  # noqa: S106 - a unit
)


def _below(origins: Iterable[str], *paths: str) -> list[str]:
    return [f"{origin}{path}" for origin in origins for path in paths]


def _configuration_url(base: str) -> str:
    """Where OpenID Connect Discovery 1.0 puts a provider's configuration."""
    return f"{base.rstrip('/')}/.well-known/openid-configuration"


def choose(
    scope: Construct, environment: Environment, api_url: str
) -> tuple[UserPool | None, SignIn]:
    """A user pool of the stack's own, unless the settings name a provider elsewhere."""
    elsewhere = foreign(environment)
    if elsewhere is not None:
        return None, elsewhere
    pool = UserPool(scope, "SignIn", environment=environment, api_url=api_url)
    return pool, pool.sign_in()
