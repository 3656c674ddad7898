"""How a grant is written: these actions of a service, on this one resource."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam


def allow(
    role: iam.Role,
    resource_arn: str,
    service: str,
    actions: str,
    conditions: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Permit the role `actions`, separated by spaces, on `resource_arn`, under `conditions`."""
    role.add_to_principal_policy(
        iam.PolicyStatement(
            resources=[resource_arn],
            actions=[f"{service}:{action}" for action in actions.split()],
            conditions=conditions,
        )
    )
