"""Rules for sign-in: which routes need which token, and how the user pool gives them out."""

from cli import browser_sign_in
from functions.api import scopes
from infra.sign_in import CALLBACK_PATH, COMMAND_LINE_CALLBACK, READ, SIGNED_OUT_PATH, WRITE
from tests.infra.template import OPEN_ROUTES, Properties, Template, target, text

SWITCHED_OFF = ["LambdaConfig", "SmsConfiguration", "UserPoolAddOns"]


def test_every_route_but_the_open_ones_asks_for_a_token_with_its_method_s_scope(
    template: Template, foreign_template: Template
) -> None:
    for each in (template, foreign_template):
        [authorizer] = each.of_type("AWS::ApiGatewayV2::Authorizer")
        for route in each.of_type("AWS::ApiGatewayV2::Route").values():
            method = route["RouteKey"].split()[0]
            if route["RouteKey"] in OPEN_ROUTES:
                assert route.get("AuthorizationType", "NONE") == "NONE"
                continue
            assert route["RouteKey"] == f"{method} /api/v1/{{proxy+}}"
            assert route["AuthorizationType"] == "JWT"
            assert target(route["AuthorizerId"]) == authorizer
            assert route["AuthorizationScopes"] == [READ if method == "GET" else WRITE]


def test_scopes_are_called_the_same_everywhere(template: Template) -> None:
    [server] = template.of_type("AWS::Cognito::UserPoolResourceServer").values()
    defined = [f"{server['Identifier']}/{each['ScopeName']}" for each in server["Scopes"]]
    assert defined == [READ, WRITE] == [scopes.READ, scopes.WRITE] == list(scopes.SCOPES)


def test_the_authorizer_takes_the_pool_s_tokens_for_its_two_clients(template: Template) -> None:
    [authorizer] = template.of_type("AWS::ApiGatewayV2::Authorizer").values()
    [pool] = template.of_type("AWS::Cognito::UserPool")
    jwt = authorizer["JwtConfiguration"]

    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert text(jwt["Issuer"]) == f"https://cognito-idp.{{AWS::Region}}.amazonaws.com/{{{pool}}}"
    clients = set(template.of_type("AWS::Cognito::UserPoolClient"))
    assert {target(each) for each in jwt["Audience"]} == clients
    assert len(clients) == 2


def test_the_function_knows_the_issuer_that_the_authorizer_trusts(
    template: Template, foreign_template: Template
) -> None:
    for each in (template, foreign_template):
        [authorizer] = each.of_type("AWS::ApiGatewayV2::Authorizer").values()
        settings = each.functions()["api"]["Environment"]["Variables"]
        issuer = text(settings["OIDC_ISSUER"])
        assert issuer == text(authorizer["JwtConfiguration"]["Issuer"])
        configuration = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        assert text(settings["OIDC_CONFIGURATION_URL"]) == configuration


def test_people_are_invited_and_have_strong_passwords(template: Template) -> None:
    [pool] = template.of_type("AWS::Cognito::UserPool").values()

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 12,
        "RequireLowercase": True,
        "RequireUppercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "TemporaryPasswordValidityDays": 3,
    }
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert pool["UsernameAttributes"] == ["email"]
    assert not [name for name in SWITCHED_OFF if name in pool], "it costs, or opens another way"


def test_a_second_factor_can_be_demanded(own_domain_template: Template) -> None:
    [pool] = own_domain_template.of_type("AWS::Cognito::UserPool").values()

    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])


def test_people_outlive_the_stack_where_data_does(
    template: Template, passing_template: Template
) -> None:
    for each, protection, policy in (
        (template, "ACTIVE", "Retain"),
        (passing_template, "INACTIVE", "Delete"),
    ):
        [(name, pool)] = each.of_type("AWS::Cognito::UserPool").items()
        assert pool["DeletionProtection"] == protection
        assert each.resource(name)["DeletionPolicy"] == policy


def test_pages_sign_in_by_code_without_a_secret(template: Template) -> None:
    console = _client(template, "code")

    assert console["GenerateSecret"] is False
    assert console["AllowedOAuthScopes"] == ["openid", READ, WRITE]
    assert console["SupportedIdentityProviders"] == ["COGNITO"]
    assert (console["AccessTokenValidity"], console["RefreshTokenValidity"]) == (60, 1)
    assert console["TokenValidityUnits"]["AccessToken"] == "minutes"
    assert console["TokenValidityUnits"]["RefreshToken"] == "days"


def test_programs_sign_in_with_a_secret_and_no_other_way(template: Template) -> None:
    machine = _client(template, "client_credentials")

    assert machine["GenerateSecret"] is True
    assert machine["AllowedOAuthScopes"] == [READ, WRITE]
    assert "CallbackURLs" not in machine


def test_no_client_takes_passwords_by_api_calls(template: Template) -> None:
    [server] = template.of_type("AWS::Cognito::UserPoolResourceServer")
    for name, client in template.of_type("AWS::Cognito::UserPoolClient").items():
        assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
        assert client["EnableTokenRevocation"] is True
        assert client["PreventUserExistenceErrors"] == "ENABLED"
        assert server in template.resource(name)["DependsOn"], "its scopes must exist before"


def test_whoever_signs_in_is_sent_back_to_our_pages_only(
    template: Template, own_domain_template: Template
) -> None:
    [api] = template.of_type("AWS::ApiGatewayV2::Api")
    ours = f"{{{api}.ApiEndpoint}}/"
    backs = list(map(text, _client(template, "code")["CallbackURLs"]))
    assert backs == [ours, f"{ours}{CALLBACK_PATH}", COMMAND_LINE_CALLBACK]
    assert COMMAND_LINE_CALLBACK == browser_sign_in.CALLBACK
    console, domain = _client(own_domain_template, "code"), "https://mailings.example.com/"
    assert console["CallbackURLs"][2:-1] == [domain, f"{domain}{CALLBACK_PATH}"]
    assert console["LogoutURLs"][2:] == [domain, f"{domain}{SIGNED_OUT_PATH}"]


def test_the_managed_login_has_an_address_and_a_style(
    template: Template, own_domain_template: Template
) -> None:
    [domain] = template.of_type("AWS::Cognito::UserPoolDomain").values()
    [style] = template.of_type("AWS::Cognito::ManagedLoginBranding").values()

    assert text(domain["Domain"]) == "carillon-{AWS::AccountId}"
    assert domain["ManagedLoginVersion"] == 2
    assert style["UseCognitoProvidedValues"] is True
    assert template.resource(target(style["ClientId"]))["Properties"] == _client(template, "code")
    [own] = own_domain_template.of_type("AWS::Cognito::UserPoolDomain").values()
    assert own["Domain"] == "our-mailings"


def test_with_a_provider_elsewhere_there_is_no_user_pool(foreign_template: Template) -> None:
    kinds = {each["Type"] for each in foreign_template.content["Resources"].values()}
    [authorizer] = foreign_template.of_type("AWS::ApiGatewayV2::Authorizer").values()
    settings = foreign_template.functions()["api"]["Environment"]["Variables"]

    assert not [kind for kind in kinds if kind.startswith("AWS::Cognito")]
    assert authorizer["JwtConfiguration"] == {
        "Audience": ["https://carillon.test/api"],
        "Issuer": "https://tenant.auth0.test/",
    }
    assert settings["OIDC_CLIENT_ID"] == "pages"
    assert settings["OIDC_AUDIENCE"] == "https://carillon.test/api"
    assert not {"UserPoolId", "MachineClientId"} & set(foreign_template.content["Outputs"])


def _client(template: Template, flow: str) -> Properties:
    """The app client that signs in this way, and in no other."""
    [client] = [
        each
        for each in template.of_type("AWS::Cognito::UserPoolClient").values()
        if each["AllowedOAuthFlows"] == [flow]
    ]
    assert client["AllowedOAuthFlowsUserPoolClient"] is True
    return client
