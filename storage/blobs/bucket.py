"""Keep blobs in an S3 bucket through obstore; create-only, so that a blob is written once.

The service answers after it has stored the object durably, which is as good as an fsync.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from storage.errors import Conflict, NotFound, SettingInvalid, StorageUnavailable

READ_BYTES = 1024 * 1024
# The library's own 10 tries in 3 minutes would delay a caller who waits for an answer. The caller
# still has the message and tries again later.
MAX_RETRIES = 3
RETRY_TIMEOUT = timedelta(seconds=10)
CONNECT_TIMEOUT = timedelta(seconds=5)


class BucketBackend:
    """Ciphertext under `prefix/AA/…` in one bucket."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put_all(self, items: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Store each stream as one object; after a failure the objects of this call are removed."""
        written: list[str] = []
        with _translated():
            try:
                for key, stream in items:
                    # Create-only works in one request only, so the whole object is in memory; the
                    # upload limit bounds it.
                    obstore.put(self._store, key, b"".join(stream), mode="create")
                    written.append(key)
            except BaseException:
                for key in written:
                    obstore.delete(self._store, key)
                raise

    def get(self, key: str) -> Iterator[bytes]:
        """Stream one object. Raises NotFound when it is missing."""
        with _translated():
            try:
                found = obstore.get(self._store, key)
            except FileNotFoundError as error:
                raise NotFound from error
            for piece in found.stream(min_chunk_size=READ_BYTES):
                yield bytes(piece)

    def delete(self, key: str) -> None:
        """Remove one object; a missing one is no error."""
        with _translated():
            obstore.delete(self._store, key)

    def listing(self) -> Iterator[tuple[str, float]]:
        """List every object with its age in seconds."""
        now = datetime.now(UTC)
        with _translated():
            for page in obstore.list(self._store):
                for entry in page:
                    yield entry["path"], (now - entry["last_modified"]).total_seconds()


def open_bucket(url: str, endpoint: str) -> BucketBackend:
    """Open `s3://bucket/prefix`; credentials come from the AWS_* variables.

    Raises SettingInvalid for a wrong address.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise SettingInvalid("AVRR_BLOBS_URL: must be file:///FOLDER or s3://BUCKET/PREFIX")
    is_plain = endpoint.startswith("http://")
    try:
        store = S3Store(
            parts.hostname,
            prefix=parts.path.strip("/") or None,
            endpoint=endpoint or None,
            virtual_hosted_style_request=not endpoint,
            client_options={"allow_http": is_plain, "connect_timeout": CONNECT_TIMEOUT},
            retry_config={
                "max_retries": MAX_RETRIES,
                "retry_timeout": RETRY_TIMEOUT,
                "backoff": {"init_backoff": timedelta(milliseconds=100)},
            },
        )
    except BaseError as error:
        raise SettingInvalid("AVRR_S3_ENDPOINT: the bucket cannot be addressed") from error
    return BucketBackend(store)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except AlreadyExistsError as error:
        raise Conflict from error
    except (BaseError, FileNotFoundError) as error:
        # obstore raises the built-in error for anything missing, even for the bucket itself.
        raise StorageUnavailable from error
