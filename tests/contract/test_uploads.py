"""The ports `Uploads` and `RefusedLines`: files in a bucket."""

from dataclasses import dataclass

import pytest
import requests

from carillon.adapters.uploads_bucket import RefusedLinesBucket, UploadsBucket
from carillon.models.imports import (
    upload_key,
)
from carillon.ports import (
    Upload,
)
from tests.contract import faults
from tests.contract.cloud import Cloud
from tests.fakes import (
    FakeRefusedLines,
    FakeUploads,
)

ONE = "i0000001"


@dataclass
class Bucket:
    uploads: FakeUploads | UploadsBucket
    refused: FakeRefusedLines | RefusedLinesBucket
    cloud: Cloud | None = None
    name: str = ""

    def put(self, content: bytes) -> None:
        if isinstance(self.uploads, FakeUploads):
            self.uploads.files[ONE] = content
        elif self.cloud:
            self.cloud.s3.put_object(Bucket=self.name, Key=upload_key(ONE), Body=content)


@pytest.fixture(params=["fake", "moto", "ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fake":
        return Bucket(FakeUploads(), FakeRefusedLines())
    cloud: Cloud = request.getfixturevalue(request.param)
    name = cloud.bucket()
    return Bucket(UploadsBucket(cloud.s3, name), RefusedLinesBucket(cloud.s3, name), cloud, name)


def test_a_file_is_read_piece_by_piece(bucket: Bucket) -> None:
    bucket.put(b"0123456789")
    upload = bucket.uploads.find(ONE)
    assert upload is not None
    assert upload.size == 10

    assert bucket.uploads.read(ONE, upload.etag, offset=0, length=4) == b"0123"
    assert bucket.uploads.read(ONE, upload.etag, offset=4, length=6) == b"456789"


def test_another_file_under_the_key_is_not_read(bucket: Bucket) -> None:
    bucket.put(b"0123456789")
    upload = bucket.uploads.find(ONE)
    assert upload is not None
    bucket.put(b"abcdefghij")

    assert bucket.uploads.read(ONE, upload.etag, offset=0, length=4) is None


def test_a_file_that_is_not_there(bucket: Bucket) -> None:
    assert bucket.uploads.find(ONE) is None
    assert bucket.uploads.read(ONE, '"etag"', offset=0, length=1) is None


def test_an_empty_file_is_one(bucket: Bucket) -> None:
    bucket.put(b"")
    upload = bucket.uploads.find(ONE)

    assert isinstance(upload, Upload)
    assert upload.size == 0


def test_refused_lines_are_kept_and_written_over(bucket: Bucket) -> None:
    bucket.refused.keep(ONE, 0, "a,1\r\n")
    bucket.refused.keep(ONE, 0, "б,1\r\n")

    assert bucket.refused.read(ONE, 0) == "б,1\r\n"
    assert bucket.refused.read(ONE, 1) is None
    assert bucket.refused.read("i0000002", 0) is None


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchKey"])
def test_refused_lines_that_may_not_be_listed_are_gone(moto: Cloud, code: str) -> None:
    refused = RefusedLinesBucket(moto.s3, moto.bucket())
    error = {"Error": {"Code": code, "Message": ""}}

    with faults.answered(moto.s3, "GetObject", error, status=403):
        assert refused.read(ONE, 0) is None


def test_a_ticket_lets_anybody_upload_the_one_file_once(ministack: Cloud) -> None:
    name = ministack.bucket()
    uploads = UploadsBucket(ministack.s3, name)
    ticket = uploads.ticket(ONE, expires_s=60)

    def put(url: str, content: bytes, **headers: str) -> int:
        sent = {**ticket.headers, **headers}
        return requests.request(
            ticket.method, url, data=content, headers=sent, timeout=10
        ).status_code

    other_key = ticket.url.replace(ONE, "i0000002")
    assert put(other_key, b"x") == 403
    assert put(ticket.url, b"x", **{"Content-Type": "text/html"}) == 403
    assert put(ticket.url, b"first") == 200
    assert put(ticket.url, b"second") == 412
    assert uploads.find(ONE) is not None
    assert ministack.s3.get_object(Bucket=name, Key=upload_key(ONE))["Body"].read() == b"first"


def test_a_ticket_is_for_the_buckets_own_address_on_aws(moto: Cloud) -> None:
    ticket = UploadsBucket(moto.s3, "our-uploads").ticket(ONE, expires_s=60)

    address, _, query = ticket.url.partition("?")
    assert address == "https://our-uploads.s3.us-east-1.amazonaws.com/imports/i0000001.csv"
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in query
    assert "X-Amz-Expires=60" in query
    assert "X-Amz-SignedHeaders=content-type%3Bhost%3Bif-none-match" in query
