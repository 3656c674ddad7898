"""`carillon`, the command line: the public API for people at a terminal and for scripts.

It knows neither the functions nor the stack nor the local tools: what it speaks is what any
program could speak. Only `logs`, `dead-letters` and `doctor` ask AWS as well.
"""
