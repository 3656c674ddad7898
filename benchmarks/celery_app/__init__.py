"""The reference: Carillon's main job, as a Celery user would do it.

`benchmarks.reference` starts it, in an environment of its own (`.venv-bench`). It knows nothing of
Carillon.
"""
