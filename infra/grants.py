"""How a grant is written: actions of one service on one resource."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam


def allow(
    role: iam.Role,
    resource_arn: str,
    service: str,
    actions: str,
    conditions: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Permit `role` these actions, separated by blanks, on just this resource."""
    role.add_to_principal_policy(
        iam.PolicyStatement(
            resources=[resource_arn],
            actions=[f"{service}:{action}" for action in actions.split()],
            conditions=conditions,
        )
    )
