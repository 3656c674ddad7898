"""Sends batches to a queue whose policy changes, while a stranger sends to it too."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

STRANGER = "arn:aws:iam::000000000000:user/stranger"


def sent(sqs: Any) -> list[Any]:
    """Each answer: while the queue is open, closed to the stranger, closed to all, and nobody's."""
    from ministack import app
    from ministack.core import iam_evaluator

    app.AUTH = True
    iam_evaluator.pin_request_caller({}, {})
    queue = _Queue(sqs)
    found: list[Any] = [queue.batch()]
    queue.close({"AWS": STRANGER})
    found += [queue.batch(before_each=queue.send_as_stranger), queue.to_stranger]
    queue.close("*")
    found += [queue.batch(), queue.batch(f"{queue.url}-of-nobody")]
    found.append(len(sqs._queues[queue.url]["messages"]))
    sqs._act_delete_queue({"QueueUrl": queue.url}, queue.url)
    return found


class _Record(dict[str, str]):
    """One of a batch, before which something else happens in a thread of its own."""

    def __init__(self, number: int, before: Callable[[], None]) -> None:
        super().__init__(Id=str(number), MessageBody=str(number))
        self.before = before

    def get(self, name: str, *default: Any) -> Any:
        if name == "MessageAttributes":
            thread = threading.Thread(target=self.before)
            thread.start()
            thread.join()
        return super().get(name, *default)


class _Queue:
    def __init__(self, sqs: Any) -> None:
        self.sqs = sqs
        self.url = sqs._act_create_queue({"QueueName": "closing"}, "")["QueueUrl"]
        self.to_stranger: list[str] = []

    def batch(self, url: str = "", before_each: Callable[[], None] = lambda: None) -> Any:
        to = url or self.url
        entries = [_Record(number, before_each) for number in range(3)]
        try:
            answer = self.sqs._act_send_message_batch({"QueueUrl": to, "Entries": entries}, to)
        except self.sqs._Err as error:
            return error.code
        return [(each["Id"], each["MD5OfMessageBody"]) for each in answer["Successful"]]

    def send_as_stranger(self) -> None:
        from ministack.core import iam_evaluator

        iam_evaluator._request_caller_arn.set(STRANGER)
        try:
            self.sqs._act_send_message({"QueueUrl": self.url, "MessageBody": "x"}, self.url)
        except self.sqs._Err as error:
            self.to_stranger.append(error.code)
        else:
            self.to_stranger.append("sent")

    def close(self, principal: Any) -> None:
        closed = {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}
        policy = {"Policy": json.dumps({"Statement": {**closed, "Principal": principal}})}
        self.sqs._act_set_queue_attributes({"QueueUrl": self.url, "Attributes": policy}, self.url)
