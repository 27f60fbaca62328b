"""Check the bucket of blobs against moto's server, which speaks S3 on a loopback port."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import boto3  # type: ignore[import-untyped]  # ships no types
import pytest
from moto.server import ThreadedMotoServer

from storage.blobs.blobs import BlobRow, BlobStore, StoredBlob, sealed_sha256
from storage.blobs.bucket import BucketBackend, open_bucket
from storage.crypto.keys import DataKey
from storage.errors import BlobDamaged, Conflict, NotFound, SettingInvalid, StorageUnavailable
from tests.components.server import LOOPBACK, free_port

pytestmark = pytest.mark.components

ID = "ab/" + "0f" * 16
OTHER_ID = "ab/" + "1f" * 16
KEY = DataKey("ab" * 16, bytes(range(32)))


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Give the address of an S3 service with the bucket `documents`."""
    log = logging.getLogger("werkzeug")
    level = log.level
    log.setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="scratch",
        aws_secret_access_key="scratch",
    )
    client.create_bucket(Bucket="documents")
    client.close()
    yield endpoint
    server.stop()
    log.setLevel(level)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables from which an operator's credentials come."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "scratch")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "scratch")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> BucketBackend:
    """Give the bucket below a prefix that is the test's own."""
    return open_bucket(f"s3://documents/{abs(hash(request.node.nodeid))}/blobs", s3)


def test_what_was_put_is_read(bucket: BucketBackend) -> None:
    bucket.put_all([(ID, [b"one, ", b"two"]), (OTHER_ID, [])])

    assert b"".join(bucket.get(ID)) == b"one, two"
    assert b"".join(bucket.get(OTHER_ID)) == b""


def test_a_blob_is_written_once(bucket: BucketBackend) -> None:
    bucket.put_all([(ID, [b"first"])])

    with pytest.raises(Conflict):
        bucket.put_all([(ID, [b"second"])])

    assert b"".join(bucket.get(ID)) == b"first"


def test_a_failed_call_keeps_nothing_of_its_own(bucket: BucketBackend) -> None:
    bucket.put_all([(ID, [b"first"])])

    with pytest.raises(Conflict):
        bucket.put_all([(OTHER_ID, [b"other"]), (ID, [b"second"])])

    assert [key for key, _ in bucket.listing()] == [ID]


def test_a_missing_blob_is_not_found(bucket: BucketBackend) -> None:
    with pytest.raises(NotFound):
        list(bucket.get(ID))


def test_deleting_is_harmless_when_repeated(bucket: BucketBackend) -> None:
    bucket.put_all([(ID, [b"content"])])

    bucket.delete(ID)
    bucket.delete(ID)

    assert list(bucket.listing()) == []


def test_listing_tells_keys_below_the_prefix_with_their_age(bucket: BucketBackend, s3: str) -> None:
    bucket.put_all([(ID, [b"content"]), (OTHER_ID, [b"content"])])
    open_bucket("s3://documents/elsewhere", s3).put_all([("cd/" + "2f" * 16, [b"content"])])

    ages = dict(bucket.listing())

    assert set(ages) == {ID, OTHER_ID}
    assert all(-60 < age < 60 for age in ages.values())


def test_a_sealed_blob_comes_back_whole(bucket: BucketBackend) -> None:
    store = BlobStore(bucket)
    content = bytes(range(256)) * 10_000

    blob = store.write(KEY, [content])

    row = _row(blob.id, blob.size, blob.sha256)
    assert store.read_whole(KEY, row) == content
    with pytest.raises(BlobDamaged):
        store.read_whole(DataKey(KEY.id, bytes(32)), row)


def test_a_dead_service_is_unavailable_within_seconds() -> None:
    bucket = open_bucket("s3://documents/blobs", f"http://{LOOPBACK}:{free_port()}")
    started_at = time.monotonic()

    with pytest.raises(StorageUnavailable):
        bucket.put_all([(ID, [b"content"])])
    with pytest.raises(StorageUnavailable):
        list(bucket.get(ID))
    with pytest.raises(StorageUnavailable):
        list(bucket.listing())

    assert time.monotonic() - started_at < 15


def test_a_bucket_that_does_not_exist_is_unavailable(s3: str) -> None:
    bucket = open_bucket("s3://nobodys-bucket/blobs", s3)

    with pytest.raises(StorageUnavailable):
        bucket.put_all([(ID, [b"content"])])


@pytest.mark.parametrize("url", ["", "s3://", "https://bucket/prefix", "bucket", "file:///blobs"])
def test_an_address_that_names_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(SettingInvalid, match=r"^AVRR_BLOBS_URL"):
        open_bucket(url, "")


def _row(blob_id: str, size: int, sha256: str) -> BlobRow:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    sealed = sealed_sha256(KEY, StoredBlob(blob_id, size, sha256))
    return BlobRow(id=blob_id, data_key_id=KEY.id, size=size, sha256=sealed, created_at=at)
