"""What AWS does when people and programs sign in, and MiniStack 1.5.33 does not. Always on."""

from __future__ import annotations

import json
import uuid
from typing import Any

LOGIN_STYLE = "AWS::Cognito::ManagedLoginBranding"

# MiniStack checks each signature as this algorithm's, whatever the token says.
ALGORITHM = "RS256"


def accept_login_styles(provisioners: Any) -> None:
    """Let a stack have the style without which a client's managed login does not show.

    AWS: "AWS::Cognito::ManagedLoginBranding" is a resource type. MiniStack's login page has one
    look and no such type, and fails the whole stack.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-managedloginbranding.html
    """

    def create(_logical_id: str, props: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
        style = str(uuid.uuid4())
        return f"{props['UserPoolId']}|{style}", {"ManagedLoginBrandingId": style}

    def update(style: str, _old: object, _new: object, _stack: str) -> tuple[str, dict[str, str]]:
        return style, {"ManagedLoginBrandingId": style.partition("|")[2]}

    def delete(_style: str, _props: object) -> None:
        """Nothing was made."""

    provisioners._RESOURCE_HANDLERS[LOGIN_STYLE] = {
        "create": create,
        "update": update,
        "delete": delete,
    }


def judge_tokens_as_aws(apigateway: Any) -> None:
    """Let nothing pass for an access token that API Gateway would turn away.

    AWS: the algorithm must be one of RSA's, `exp` must lie ahead, and a token that fails any step
    is refused. MiniStack does not look at the algorithm, takes a token without `exp` for one that
    never ends, and answers a header or a time of the wrong shape with a 500.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html

    AWS: a refresh token of Cognito is encrypted, and nobody else can read it. MiniStack's is a
    token signed like an access token, with its scopes.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """
    validate = apigateway._validate_jwt_authorizer

    async def judge(route: Any, authorizer: Any, headers: Any, query: Any) -> Any:
        token = apigateway._extract_token_from_identity_source(
            authorizer.get("identitySource", []), headers, query
        )
        try:
            answer = await validate(route, authorizer, headers, query)
            header, claims = (
                json.loads(apigateway._b64url_decode(part)) for part in (token or "").split(".")[:2]
            )
            is_sound = header["alg"] == ALGORITHM and "exp" in claims
            is_refresh_token = claims.get("token_use") == "refresh"
        except Exception:  # whatever it was, the token is not as a token is
            return None, None, apigateway._jwt_unauthorized()
        if not is_sound or is_refresh_token:
            return None, None, apigateway._jwt_unauthorized()
        return answer

    apigateway._validate_jwt_authorizer = judge


def install(apigateway: Any, provisioners: Any) -> None:
    """Apply both."""
    accept_login_styles(provisioners)
    judge_tokens_as_aws(apigateway)
