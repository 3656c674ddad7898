"""What others wrote and we use: what it is, under which licences, and what is known against it.

`make licences`, `make sbom` and `make audit` are the commands; all of them read the lock files.
"""
