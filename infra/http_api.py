"""The HTTP API in front of the functions `api` and `page`: its routes and who may take them, its
throttle and its access log."""

import json
from typing import Final

from aws_cdk import ArnFormat, Stack, Tags
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.environment import Environment
from infra.sign_in import READ, WRITE, SignIn

# Each method is a route of its own, with the scope that a token must have. Scopes also keep ID
# tokens out, which have none: nothing else tells them from access tokens.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
_GUARDED_PATH: Final = "/api/v1/{proxy+}"
_GUARDED: Final = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

# What anybody may ask: a monitor, a reader of the documentation, and who is about to sign in.
_OPEN: Final = {
    "/health": ("GET",),
    "/auth/config": ("GET",),
    "/auth/authorize": ("GET",),
    "/auth/token": ("POST",),
    "/openapi.json": ("GET",),
    "/docs": ("GET",),
    "/docs/{file+}": ("GET",),
}

# The admin page and the files that it consists of: nothing in them is secret.
_PAGE: Final = ("/", "/assets/{proxy+}")

# Without query string and path: whoever looks for a client by phone writes it there. The function
# logs under the same request id which operation it was.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
_ACCESS_LOG: Final = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "source_ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "function_latency_ms": "$context.integrationLatency",
    "error": "$context.error.message",
    "function_error": "$context.integrationErrorMessage",
}


class HttpApi(Construct):
    """Routes to two functions, on the stage without a name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
    ) -> None:
        super().__init__(scope, construct_id)
        self._api = api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        self.api_id = api.api_id
        self.url = f"{api.api_endpoint}/"
        if environment.api_id_tag:
            Tags.of(api).add("ms-custom-id", environment.api_id_tag)
        self._stage(api, environment)

    def serve(self, function: lambda_.IFunction, page: lambda_.IFunction, sign_in: SignIn) -> None:
        """Have `function` answer, below `/api` only to those whom the provider vouches for, and
        `page` show the page."""
        integration = _integration("Function", function)
        authorizer = HttpJwtAuthorizer("Token", sign_in.issuer, jwt_audience=sign_in.audiences)
        for method, scope in _GUARDED.items():
            self._api.add_routes(
                path=_GUARDED_PATH,
                methods=[apigatewayv2.HttpMethod(method)],
                integration=integration,
                authorizer=authorizer,
                authorization_scopes=[scope],
            )
        for path, methods in _OPEN.items():
            self._api.add_routes(
                path=path,
                methods=[apigatewayv2.HttpMethod(method) for method in methods],
                integration=integration,
            )
        page_integration = _integration("Page", page)
        for path in _PAGE:
            self._api.add_routes(
                path=path, methods=[apigatewayv2.HttpMethod.GET], integration=page_integration
            )

    def _stage(self, api: apigatewayv2.HttpApi, environment: Environment) -> None:
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=environment.log_retention,
            removal_policy=environment.removal_policy,
        )
        stage = apigatewayv2.CfnStage
        stage(
            self,
            "Stage",
            api_id=api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=stage.RouteSettingsProperty(
                throttling_rate_limit=environment.api_rate_per_s,
                throttling_burst_limit=environment.api_burst,
            ),
            access_log_settings=stage.AccessLogSettingsProperty(
                destination_arn=_without_streams(log_group),
                format=json.dumps(_ACCESS_LOG),
            ),
        )


def _integration(construct_id: str, function: lambda_.IFunction) -> HttpLambdaIntegration:
    return HttpLambdaIntegration(
        construct_id,
        function,
        payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_2_0,
        # One permission for the API instead of one for each route, which says nothing more.
        scope_permission_to_route=False,
    )


def _without_streams(log_group: logs.LogGroup) -> str:
    """The ARN that API Gateway wants; CloudFormation's own ends in `:*`, for the group's streams.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    """
    return Stack.of(log_group).format_arn(
        service="logs",
        resource="log-group",
        resource_name=log_group.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
