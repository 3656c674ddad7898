"""Carillon's AWS resources: `stack.py` composes them, each other module makes one kind of thing."""
