"""The CDK app: one stack, as `cdk.json` and `-c key=value` describe its environment."""

from aws_cdk import App

from infra.accepted import accept
from infra.environment import Environment
from infra.stack import Carillon

app = App()
environment = Environment.from_context(app.node)
stack = Carillon(app, environment.stack_name, environment=environment)
accept(stack, environment)
app.synth()
