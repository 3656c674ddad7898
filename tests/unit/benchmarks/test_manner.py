"""The reference's two manners, as its workers are told them."""

from dataclasses import replace

from benchmarks.celery_app.manner import BEST, DEFAULTS, Manner


def test_a_worker_is_told_each_choice() -> None:
    chosen = replace(BEST, pool="gevent", concurrency=7, synchronous_commit=False)
    assert Manner.told(chosen.as_environment()) == chosen != BEST


def test_by_default_celery_decides() -> None:
    assert DEFAULTS.options == ()
    assert DEFAULTS.configuration == {"task_ignore_result": True}


def test_the_tuned_reference_is_durable() -> None:
    configuration = BEST.configuration
    assert BEST.synchronous_commit
    assert configuration["task_acks_late"]
    assert configuration["task_reject_on_worker_lost"]
    # A retry waits in the worker; a task that Redis gives out again meanwhile is sent twice.
    assert configuration["broker_transport_options"]["visibility_timeout"] > 300 + 10
