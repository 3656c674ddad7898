"""`QueueGauge` and `DeadLetters`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from carillon.adapters.queue_lengths import QueueUrls, SqsDeadLetters, SqsGauge
from carillon.errors import QueuesUnavailable, Unavailable
from carillon.models.queues import QueueLength, QueueLengths
from tests.contract.cloud import Cloud
from tests.contract.faults import answer_lost, refused

EMPTY = QueueLength(ready=0, delayed=0, in_flight=0)


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_each_queue_is_told_apart(cloud: Cloud) -> None:
    urls = QueueUrls(**{name: cloud.queue() for name in QueueUrls.__slots__})
    for name, number in (("messages", 3), ("dead_messages", 2), ("undeliverable", 1)):
        for _ in range(number):
            cloud.sqs.send_message(QueueUrl=getattr(urls, name), MessageBody="a record")
    cloud.sqs.send_message(QueueUrl=urls.messages, MessageBody="later", DelaySeconds=600)
    cloud.sqs.send_message(QueueUrl=urls.dead_fanout, MessageBody="later", DelaySeconds=600)
    for url in (urls.messages, urls.dead_messages):
        assert cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    with ThreadPoolExecutor(5) as threads:
        found = SqsGauge(cloud.sqs, urls, threads=threads).read()
    assert found == QueueLengths(
        messages=QueueLength(ready=2, delayed=1, in_flight=1),
        fanout=EMPTY,
        imports=EMPTY,
        dead_messages=2,
        dead_fanout=1,
        dead_imports=0,
        undeliverable=1,
    )


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_queues_that_do_not_answer_are_no_storage_that_does_not(cloud: Cloud) -> None:
    urls = QueueUrls(**{name: cloud.queue() for name in QueueUrls.__slots__})
    with ThreadPoolExecutor(5) as threads:
        gauge = SqsGauge(cloud.sqs, urls, threads=threads)
        with (
            refused(cloud.sqs, "GetQueueAttributes", "RequestThrottled", times=1),
            pytest.raises(QueuesUnavailable),
        ):
            gauge.read()
        with (
            answer_lost(cloud.sqs, "GetQueueAttributes"),
            pytest.raises(QueuesUnavailable),
        ):
            gauge.read()
        assert gauge.read().messages == EMPTY


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_dead_letters_of_all_queues_are_counted(cloud: Cloud) -> None:
    urls = [cloud.queue() for _ in range(3)]
    letters = SqsDeadLetters(cloud.sqs, urls)
    assert letters.count() == 0
    for url in (urls[0], urls[2], urls[2]):
        cloud.sqs.send_message(QueueUrl=url, MessageBody="given up")
    assert letters.count() == 3


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_dead_letters_that_nobody_can_count_are_unavailable(cloud: Cloud) -> None:
    letters = SqsDeadLetters(cloud.sqs, [cloud.queue()])
    with (
        answer_lost(cloud.sqs, "GetQueueAttributes"),
        pytest.raises(Unavailable),
    ):
        letters.count()
