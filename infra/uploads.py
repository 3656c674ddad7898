"""The bucket of uploads: where browsers put the files of imports, for a day."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.environment import Environment
from infra.queues import Queues

# Keys below these are files as they were uploaded, and what was refused of them. The functions'
# code has the same; a test says so.
UPLOADS: Final = "imports/"
REFUSED: Final = "rejected/"

# The shortest that S3 counts in. Files hold phones: they are read at once and of no use later.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
_KEPT: Final = Duration.days(1)

# What a browser may send along; both are signed, and it sends no others that need permission.
_HEADERS: Final = ("content-type", "if-none-match")

# For how long a browser remembers that it may: longer than anyone waits between two imports.
_PREFLIGHT_S: Final = 3600


class Uploads(Construct):
    """A private bucket whose every object goes after a day; a new file is told to a queue."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        queues: Queues,
        api_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=environment.removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(expiration=_KEPT, abort_incomplete_multipart_upload_after=_KEPT)
            ],
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.PUT],
                    allowed_origins=[api_url.rstrip("/"), *environment.page_origins],
                    allowed_headers=[*_HEADERS],
                    max_age=_PREFLIGHT_S,
                )
            ],
        )
        self.origin = (
            environment.uploads_url or f"https://{self.bucket.bucket_regional_domain_name}"
        )
        self._tell(queues)

    def _tell(self, queues: Queues) -> None:
        """Have S3 put an event into the import queue for each new upload.

        A property of the bucket itself: CDK's own way is a function that CloudFormation runs, with
        rights over all buckets. S3 tries the queue when it is told of it, so its policy is first;
        that policy names our account and not the bucket, or each would wait for the other.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
        """
        bucket = self.bucket.node.default_child
        if not isinstance(bucket, s3.CfnBucket):
            raise TypeError("a bucket's default child is its CloudFormation resource")
        configuration = s3.CfnBucket
        prefix = configuration.FilterRuleProperty(name="prefix", value=UPLOADS)
        bucket.notification_configuration = configuration.NotificationConfigurationProperty(
            queue_configurations=[
                configuration.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=queues.imports.queue_arn,
                    filter=configuration.NotificationFilterProperty(
                        s3_key=configuration.S3KeyFilterProperty(rules=[prefix])
                    ),
                )
            ]
        )
        bucket.node.add_dependency(queues.imports_policy)
