"""The records that Lambda hands to a function, in AWS's own shapes."""

from typing import Any


def queue_record(number: int, body: str, receives: int = 1) -> dict[str, Any]:
    """As SQS hands it to Lambda."""
    return {
        "messageId": f"id-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": "1795255200000",
            "SenderId": "AROAEXAMPLE:fanout",
            "ApproximateFirstReceiveTimestamp": "1795255200001",
        },
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:messages",
        "awsRegion": "eu-central-1",
    }


def stream_record(
    keys: dict[str, Any],
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    sequence: str = "111",
) -> dict[str, Any]:
    """As a DynamoDB stream hands it to Lambda: only the images that there are."""
    images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
    return {
        "eventID": f"event-{sequence}",
        "eventName": "MODIFY" if len(images) == 2 else "INSERT" if new else "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795255200,
            "Keys": keys,
            **images,
            "SequenceNumber": sequence,
            "SizeBytes": 300,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/t/stream/now",
    }
