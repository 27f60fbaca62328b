"""Store blobs: encrypted files by random key, each written once.

Format: `AVB1`, a 7-byte nonce prefix, then AES-256-GCM chunks of 64 KiB plaintext in the STREAM
construction (Hoang, Reyhanitabar, Rogaway and Vizár 2015). The 12-byte nonce is the prefix, a
4-byte counter and a last-chunk flag, so that chunks cannot be reordered, dropped or cut off. The
blob's id is bound in as associated data. The key is derived from a data key and the id.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, JsonText, UtcTime, new_id
from storage.crypto.keys import DataKey
from storage.crypto.sealing import seal, unseal
from storage.errors import BlobDamaged, KeyUnavailable

MAGIC = b"AVB1"
PREFIX_BYTES = 7
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
Bytes = bytes | bytearray | memoryview


class BlobRow(Base):
    """Where a blob belongs and what it must hash to; the bytes are in the store.

    `sha256` is sealed with the blob's data key at `blobs.sha256:ID`: a plain hash would let a guess
    at the content be tried. It is None for a piece of a file: its bytes are authenticated, and the
    whole is hashed.
    """

    __tablename__ = "blobs"

    id: Mapped[str] = mapped_column(String(35), primary_key=True)
    data_key_id: Mapped[str] = mapped_column(ForeignKey("data_keys.id"))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes | None] = mapped_column("sealed_sha256", LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    # Ids of the blobs that this one is made of, in order; None for a blob with bytes of its own.
    parts: Mapped[list[str] | None] = mapped_column(JsonText)


@dataclass(frozen=True)
class StoredBlob:
    """A blob that is durable but not yet in any row: `size` and `sha256` of the plaintext.

    `sha256` is empty for a piece.
    """

    id: str
    size: int
    sha256: str


class Digest(Protocol):
    """What hashes bytes as they pass, such as an object of hashlib."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""


class Backend(Protocol):
    """Where ciphertext lies. `put_all` is durable when it returns, and never overwrites."""

    def put_all(self, items: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Store each stream under its key. Raises StorageUnavailable or StorageFull."""

    def get(self, key: str) -> Iterator[bytes]:
        """Stream one blob. Raises NotFound."""

    def delete(self, key: str) -> None:
        """Remove one blob; a missing one is no error."""

    def listing(self) -> Iterator[tuple[str, float]]:
        """List every key with its age in seconds."""


class BlobStore:
    """Encrypt blobs on the way in, authenticate them on the way out."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def write(self, key: DataKey, chunks: Iterable[bytes]) -> StoredBlob:
        """Store one stream of plaintext durably; raises as `write_all`."""
        return self.write_all(key, [chunks])[0]

    def write_all(self, key: DataKey, contents: Iterable[Iterable[bytes]]) -> list[StoredBlob]:
        """Store several blobs of one data key; all are durable when this returns.

        Blobs of one data key share a folder, which is then synced once for all of them. Raises
        StorageUnavailable or StorageFull.
        """
        writing = [
            (_Writer(key, f"{key.id[:2]}/{new_id()}", chunks, digest), digest)
            for chunks, digest in ((each, hashlib.sha256()) for each in contents)
        ]
        self.backend.put_all((writer.id, writer.ciphertext()) for writer, _digest in writing)
        return [StoredBlob(each.id, each.size, digest.hexdigest()) for each, digest in writing]

    def write_piece(
        self, key: DataKey, chunks: Iterable[bytes], whole: Digest | None
    ) -> StoredBlob:
        """Store one piece of a file durably; its bytes also go into `whole`, the hash of the file.

        Hashing costs more than encrypting, so the piece is not hashed by itself as well.
        """
        writer = _Writer(key, f"{key.id[:2]}/{new_id()}", chunks, whole)
        self.backend.put_all([(writer.id, writer.ciphertext())])
        return StoredBlob(writer.id, writer.size, "")

    def read(self, key: DataKey, blob: BlobRow) -> Iterator[bytes]:
        """Stream the plaintext, authenticated chunk by chunk; the SHA-256 is checked at the end.

        Raises BlobDamaged on the first chunk that is not what was written, NotFound when the bytes
        are missing, and StorageUnavailable.
        """
        try:
            expected = sha256_of(key, blob)
        except KeyUnavailable as error:
            raise BlobDamaged from error
        digest, size = hashlib.sha256(), 0
        for chunk in self._plaintext(key, blob.parts or [blob.id]):
            if expected:
                digest.update(chunk)
            size += len(chunk)
            yield chunk
        if size != blob.size or (expected and digest.hexdigest() != expected):
            raise BlobDamaged

    def read_whole(self, key: DataKey, blob: BlobRow) -> bytes:
        """Return the plaintext only after its SHA-256 was checked (requirement 126)."""
        return b"".join(self.read(key, blob))

    def joined(self, key: DataKey, part_ids: list[str]) -> StoredBlob:
        """Read parts through once, and return the blob that they are together, under a new id.

        The bytes stay where they are. Raises BlobDamaged for a part that is not what was written.
        """
        digest, size = hashlib.sha256(), 0
        for chunk in self._plaintext(key, part_ids):
            digest.update(chunk)
            size += len(chunk)
        return name_whole(key, size, digest.hexdigest())

    def delete_all(self, blob_ids: Iterable[str]) -> None:
        """Delete blobs whose rows are gone by a commit; a missing one is no error.

        So what was removed takes no room that no limit counts. Raises StorageUnavailable.
        """
        for blob_id in blob_ids:
            self.backend.delete(blob_id)

    def _plaintext(self, key: DataKey, blob_ids: list[str]) -> Iterator[bytes]:
        for blob_id in blob_ids:
            yield from _decrypt(key, blob_id, self.backend.get(blob_id))


def name_whole(key: DataKey, size: int, sha256: str) -> StoredBlob:
    """Return the blob that pieces of a known size and hash are together, under a new id."""
    return StoredBlob(f"{key.id[:2]}/{new_id()}", size, sha256)


def add_blob(session: Session, key: DataKey, blob: StoredBlob, now: datetime) -> None:
    """Add the row of a durable blob in the caller's transaction."""
    add_blobs(session, key, [blob], now)


def add_blobs(session: Session, key: DataKey, blobs: list[StoredBlob], now: datetime) -> None:
    """Add the rows of several durable blobs of one key in the caller's transaction, at once."""
    rows = [
        {
            "id": blob.id,
            "data_key_id": key.id,
            "size": blob.size,
            "sha256": sealed_sha256(key, blob),
            "created_at": now,
        }
        for blob in blobs
    ]
    session.execute(insert(BlobRow), rows)


def sealed_sha256(key: DataKey, blob: StoredBlob) -> bytes | None:
    """Return what a blob's row keeps of its SHA-256, None for a piece."""
    return seal(key, f"blobs.sha256:{blob.id}", blob.sha256) if blob.sha256 else None


def sha256_of(key: DataKey, blob: BlobRow) -> str:
    """Return the SHA-256 (hex) that a blob must have, empty for a piece. Raises KeyUnavailable."""
    return unseal(key, f"blobs.sha256:{blob.id}", blob.sha256)


class _Writer:
    """One blob on its way in: counts and hashes what passes."""

    def __init__(
        self, key: DataKey, blob_id: str, chunks: Iterable[bytes], digest: Digest | None
    ) -> None:
        self.id = blob_id
        self.size = 0
        self._cipher = AESGCM(key.derive(f"blob:{blob_id}"))
        self._chunks = chunks
        self._digest = digest

    def ciphertext(self) -> Iterator[bytes]:
        prefix = os.urandom(PREFIX_BYTES)
        yield MAGIC + prefix
        pending, counter = bytearray(), 0
        for chunk in self._chunks:
            if self._digest is not None:
                self._digest.update(chunk)
            self.size += len(chunk)
            pending += chunk
            # One full chunk is always kept back, since only the end of the stream says which is
            # the last.
            full = max(0, len(pending) - 1) // CHUNK_BYTES
            with memoryview(pending) as view:
                for start in range(0, full * CHUNK_BYTES, CHUNK_BYTES):
                    with view[start : start + CHUNK_BYTES] as part:
                        sealed = self._seal(prefix, counter, part, last=False)
                    yield sealed
                    counter += 1
            del pending[: full * CHUNK_BYTES]
        yield self._seal(prefix, counter, pending, last=True)

    def _seal(self, prefix: bytes, counter: int, chunk: Bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(prefix, counter, last=last), chunk, self.id.encode())


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _decrypt(key: DataKey, blob_id: str, stream: Iterator[bytes]) -> Iterator[bytes]:
    cipher = AESGCM(key.derive(f"blob:{blob_id}"))
    pending = bytearray()
    prefix, counter = b"", 0
    sealed_bytes = CHUNK_BYTES + TAG_BYTES
    for piece in stream:
        pending += piece
        if not prefix:
            if len(pending) < len(MAGIC) + PREFIX_BYTES:
                continue
            if pending[: len(MAGIC)] != MAGIC:
                raise BlobDamaged
            prefix = bytes(pending[len(MAGIC) : len(MAGIC) + PREFIX_BYTES])
            del pending[: len(MAGIC) + PREFIX_BYTES]
        full = max(0, len(pending) - 1) // sealed_bytes
        with memoryview(pending) as view:
            for start in range(0, full * sealed_bytes, sealed_bytes):
                with view[start : start + sealed_bytes] as sealed:
                    opened = _open(cipher, blob_id, _nonce(prefix, counter, last=False), sealed)
                yield opened
                counter += 1
        del pending[: full * sealed_bytes]
    if not prefix:
        raise BlobDamaged
    yield _open(cipher, blob_id, _nonce(prefix, counter, last=True), pending)


def _open(cipher: AESGCM, blob_id: str, nonce: bytes, sealed: Bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, blob_id.encode())
    except InvalidTag as error:
        raise BlobDamaged from error
