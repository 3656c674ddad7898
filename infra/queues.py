"""The queues: fan-out commands, message records, imports, their dead letters, and what other
services could not deliver.

All are standard queues, encrypted by SQS and closed to anything but TLS.
"""

from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from infra.environment import Environment

# How long a sender collects records; batches of more than 10 need at least 1 s.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
MESSAGE_WINDOW_S: Final = 1

# "Set the visibility timeout to at least six times the function's timeout", plus the batching
# window, so that Lambda can retry a throttled batch before anybody else sees its records. (Same
# page.)
_VISIBILITY_PER_TIMEOUT: Final = 6

# Poison kills its function each time, so it is found by counting receives. The sender replaces a
# record that is merely unlucky before its sixth, and a fan-out command is throttled more often than
# it fails: ten leave both room.
_MAX_RECEIVES: Final = 10

# The longest that SQS keeps anything. A dead letter's age goes on counting from when it was first
# sent, so dead letters get all of it, and a command that nobody took for four days (SQS's default)
# still leaves ten to look.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
_LONGEST: Final = Duration.days(14)
_COMMAND_RETENTION: Final = Duration.days(4)


class Queues(Construct):
    """The three work queues, each with its dead letters, and `undeliverable`."""

    def __init__(self, scope: Construct, construct_id: str, *, environment: Environment) -> None:
        super().__init__(scope, construct_id)
        self.fanout_dead_letters = self._queue("FanoutDeadLetters", retention=_LONGEST)
        self.fanout = self._queue(
            "Fanout",
            retention=_COMMAND_RETENTION,
            visibility_s=_VISIBILITY_PER_TIMEOUT * environment.fanout_timeout_s,
            dead_letters=self.fanout_dead_letters,
        )
        self.message_dead_letters = self._queue("MessageDeadLetters", retention=_LONGEST)
        self.message = self._queue(
            "Message",
            retention=_LONGEST,
            visibility_s=_VISIBILITY_PER_TIMEOUT * environment.sender_timeout_s + MESSAGE_WINDOW_S,
            dead_letters=self.message_dead_letters,
        )
        self.import_dead_letters = self._queue("ImportDeadLetters", retention=_LONGEST)
        self.imports = self._queue(
            "Import",
            retention=_COMMAND_RETENTION,
            visibility_s=_VISIBILITY_PER_TIMEOUT * environment.importer_timeout_s,
            dead_letters=self.import_dead_letters,
        )
        self.imports_policy = self._open_to_uploads(self.imports)
        # Where Scheduler and the streams' event sources put what they gave up on.
        self.undeliverable = self._queue("Undeliverable", retention=_LONGEST)

    def of_dead_letters(self) -> tuple[sqs.Queue, ...]:
        """Where things wait for a person."""
        return (
            self.message_dead_letters,
            self.fanout_dead_letters,
            self.import_dead_letters,
            self.undeliverable,
        )

    def by_output(self) -> dict[str, sqs.Queue]:
        """All queues, by the names under which the stack's outputs tell their addresses."""
        return {
            "FanoutQueueUrl": self.fanout,
            "FanoutDeadLettersUrl": self.fanout_dead_letters,
            "MessageQueueUrl": self.message,
            "MessageDeadLettersUrl": self.message_dead_letters,
            "ImportQueueUrl": self.imports,
            "ImportDeadLettersUrl": self.import_dead_letters,
            "UndeliverableUrl": self.undeliverable,
        }

    def _open_to_uploads(self, queue: sqs.Queue) -> IConstruct:
        """Let S3 send to the queue, for buckets of our account; the policy that says so.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
        """
        queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return queue.node.find_child("Policy")

    def _queue(
        self,
        name: str,
        *,
        retention: Duration,
        visibility_s: int | None = None,
        dead_letters: sqs.Queue | None = None,
    ) -> sqs.Queue:
        redrive = None
        if dead_letters:
            redrive = sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=_MAX_RECEIVES)
        return sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=retention,
            visibility_timeout=Duration.seconds(visibility_s) if visibility_s else None,
            dead_letter_queue=redrive,
        )
