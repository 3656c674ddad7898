"""Carillon on one machine: the emulated AWS, the stand-in gateway, the deploy, the front door.

Nothing that is deployed imports from here, and nothing here is a second implementation of what
is deployed: `local` only brings up a place in which the very same CDK app runs.
"""
