"""The alarms, and the topic that they tell: whoever is subscribed hears of a begin and of an end.

Alarms may publish to the topic because its policy says so, and only ours. It is not encrypted with
a key: CloudWatch cannot use AWS's own key for SNS, one of ours costs a dollar a month, and an alarm
tells numbers, nothing about anybody.
https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
"""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.alarm_rules import Rule, rules
from infra.environment import Environment
from infra.metrics import Metric, Sources


class Alarms(Construct):
    """One alarm for each rule."""

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: Environment, sources: Sources
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = self._topic(environment)
        self.by_name = {
            rule.name: self._alarm(rule, environment)
            for rule in rules(sources, environment)
            if environment.alarm_math or rule.expression is None
        }

    def _topic(self, environment: Environment) -> sns.Topic:
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        stack = Stack.of(self)
        ours = stack.format_arn(service="cloudwatch", resource="alarm:*")
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": ours},
                },
            )
        )
        for number, email in enumerate(environment.alarm_emails):
            sns.CfnSubscription(
                self, f"Email{number}", topic_arn=topic.topic_arn, protocol="email", endpoint=email
            )
        return topic

    def _alarm(self, rule: Rule, environment: Environment) -> cloudwatch.CfnAlarm:
        below = "LessThanThreshold"
        return cloudwatch.CfnAlarm(
            self,
            rule.name,
            alarm_description=f"{rule.means} {environment.docs_url}operations.md#{rule.anchor}",
            comparison_operator=below if rule.is_below else "GreaterThanThreshold",
            threshold=rule.threshold,
            evaluation_periods=rule.periods,
            datapoints_to_alarm=rule.breaching,
            treat_missing_data=rule.missing,
            alarm_actions=[self.topic.topic_arn],
            ok_actions=[self.topic.topic_arn],
            **(_of_many(rule) if rule.expression else _of_one(rule)),
        )


def _of_one(rule: Rule) -> dict[str, Any]:
    [metric] = rule.metrics.values()
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": _dimensions(metric),
        "statistic": metric.stat,
        "period": rule.period_s,
    }


def _of_many(rule: Rule) -> dict[str, Any]:
    alarm = cloudwatch.CfnAlarm
    queries = [
        alarm.MetricDataQueryProperty(
            id=key,
            return_data=False,
            metric_stat=alarm.MetricStatProperty(
                metric=alarm.MetricProperty(
                    namespace=metric.namespace,
                    metric_name=metric.name,
                    dimensions=_dimensions(metric),
                ),
                period=rule.period_s,
                stat=metric.stat,
            ),
        )
        for key, metric in rule.metrics.items()
    ]
    expression = alarm.MetricDataQueryProperty(
        id="value", expression=rule.expression, label=rule.name, return_data=True
    )
    return {"metrics": [expression, *queries]}


def _dimensions(metric: Metric) -> list[cloudwatch.CfnAlarm.DimensionProperty]:
    return [
        cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
        for name, value in metric.dimensions
    ]
