"""Who calls: what API Gateway verified of the token, and nothing else.

The authorizer of a route checks the token (its signature, issuer, audience, times and scope) and
hands on its claims. A request without them has not met an authorizer, so it is refused here: a
route that lost its own is closed, and not open.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from functions.api.errors import Unauthenticated
from functions.api.incoming import Event


def subject_of(event: Event) -> str | None:
    """The `sub` of the verified token; None when nobody vouches for the caller."""
    authorizer = event["requestContext"].get("authorizer") or {}
    subject = authorizer.get("jwt", {}).get("claims", {}).get("sub")
    return subject if isinstance(subject, str) and subject else None


def known_subject(event: Event) -> str:
    """The same; `Unauthenticated` when there is none."""
    subject = subject_of(event)
    if subject is None:
        raise Unauthenticated("sign in, and send the token as `Authorization: Bearer …`")
    return subject


@dataclass(frozen=True, slots=True)
class CallerOfRequest:
    """The port `Caller`: whoever sent the request that is being answered."""

    resolver: APIGatewayHttpResolver

    def subject(self) -> str:
        """The `sub` of the verified token."""
        return known_subject(self.resolver.current_event.raw_event)

    def request_id(self) -> str:
        """API Gateway's own id of the request, which its access log has too."""
        return str(self.resolver.current_event.raw_event["requestContext"]["requestId"])
