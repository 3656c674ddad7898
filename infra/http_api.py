"""The HTTP API in front of the `api` function: its routes, its throttle and its access log."""

import json
from typing import Final

from aws_cdk import ArnFormat, RemovalPolicy, Stack, Tags
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.environment import Environment

# Each method is a route of its own, so that reading and writing can ask for different scopes.
_ROUTES: Final = {
    "/api/v1/{proxy+}": ("GET", "POST", "PATCH", "DELETE"),
    "/health": ("GET",),
    "/openapi.json": ("GET",),
    "/docs": ("GET",),
    "/docs/{file+}": ("GET",),
    "/": ("GET",),
}

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
    """Routes to one function, on the stage without a name."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        function: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        self.api_id = api.api_id
        if environment.api_id_tag:
            Tags.of(api).add("ms-custom-id", environment.api_id_tag)
        integration = HttpLambdaIntegration(
            "Function",
            function,
            payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_2_0,
            # One permission for the API instead of one for each route, which says nothing more.
            scope_permission_to_route=False,
        )
        for path, methods in _ROUTES.items():
            api.add_routes(
                path=path,
                methods=[apigatewayv2.HttpMethod(method) for method in methods],
                integration=integration,
            )
        self.url = f"{api.api_endpoint}/"
        self._stage(api, environment)

    def _stage(self, api: apigatewayv2.HttpApi, environment: Environment) -> None:
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=environment.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
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
