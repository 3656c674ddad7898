"""The bucket of uploads: the ports `Uploads` and `RefusedLines`. Everything in it goes in a day."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from carillon.adapters.aws import error_code, translated
from carillon.models.imports import upload_key
from carillon.ports import Upload, UploadTicket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONTENT_TYPE = "text/csv"

REFUSED_PREFIX = "rejected/"

_GONE = frozenset({"404", "NoSuchKey"})
_REPLACED = frozenset({"412", "PreconditionFailed"})
_HIDDEN = frozenset({"403", "AccessDenied"})
"""What S3 says of a key that is not there to whoever may not list the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""


class UploadsBucket:
    """The port `Uploads`; `bucket` is its name."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def ticket(self, import_id: str, *, expires_s: int) -> UploadTicket:
        """To upload the file of an import within so many seconds; asks nobody.

        Both headers are signed, so they must be sent. `If-None-Match` has S3 take the first upload
        and refuse any other: an import's file never changes.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": upload_key(import_id),
                "ContentType": CONTENT_TYPE,
                "IfNoneMatch": "*",
            },
            ExpiresIn=expires_s,
        )
        return UploadTicket("PUT", url, {"Content-Type": CONTENT_TYPE, "If-None-Match": "*"})

    def find(self, import_id: str) -> Upload | None:
        """None when it is not there, or no longer."""
        try:
            with translated():
                head = self._client.head_object(Bucket=self._bucket, Key=upload_key(import_id))
        except ClientError as error:
            if error_code(error) in _GONE:
                return None
            raise
        return Upload(size=head["ContentLength"], etag=head["ETag"])

    def read(self, import_id: str, etag: str, *, offset: int, length: int) -> bytes | None:
        """These bytes of this very upload; None when it is gone or another took its place."""
        try:
            with translated():
                answer = self._client.get_object(
                    Bucket=self._bucket,
                    Key=upload_key(import_id),
                    IfMatch=etag,
                    Range=f"bytes={offset}-{offset + length - 1}",
                )
                return answer["Body"].read()
        except ClientError as error:
            if error_code(error) in _GONE | _REPLACED:
                return None
            raise


class RefusedLinesBucket:
    """The port `RefusedLines`, in the same bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, import_id: str, page: int, text: str) -> None:
        """Write the page, or write it again."""
        with translated():
            self._client.put_object(
                Bucket=self._bucket,
                Key=_refused_key(import_id, page),
                Body=text.encode(),
                ContentType=CONTENT_TYPE,
            )

    def read(self, import_id: str, page: int) -> str | None:
        """None when it is no longer kept.

        The API reads these and may not list the bucket: it cannot tell a page that is gone from one
        that it may not read.
        """
        try:
            with translated():
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=_refused_key(import_id, page)
                )
                return answer["Body"].read().decode()
        except ClientError as error:
            if error_code(error) in _GONE | _HIDDEN:
                return None
            raise


def _refused_key(import_id: str, page: int) -> str:
    return f"{REFUSED_PREFIX}{import_id}/{page}.csv"
