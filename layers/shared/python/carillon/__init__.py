"""Carillon's domain, shared by every function: models, policy, use cases, ports and adapters.

Imports go one way: `models`, `errors` and `policy` know nobody else; `ports` names what the use
cases need of the world; `usecases` carry decisions out through ports; only `adapters` know boto3
and curl. A function's `handler.py` composes them.
"""
