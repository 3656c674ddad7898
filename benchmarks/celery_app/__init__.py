"""The reference: Carillon's main job as a Celery user would do it. Started by `benchmarks.reference`.

It runs in an environment of its own (`.venv-bench`) and knows nothing of Carillon.
"""
