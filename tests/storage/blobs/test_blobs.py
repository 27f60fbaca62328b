"""Check that a blob comes back as it was written, and nothing else ever does."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.blobs.blobs import CHUNK_BYTES, BlobRow, BlobStore, StoredBlob, sealed_sha256
from storage.blobs.folder import FolderBackend
from storage.crypto.keys import DataKey
from storage.errors import BlobDamaged, NotFound

KEY = DataKey("ab" * 16, bytes(range(32)))
HEADER_BYTES = 11
SEALED_CHUNK_BYTES = CHUNK_BYTES + 16
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 1024 * 1024 + 3)


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    """Give a store in an empty folder."""
    root = tmp_path / "blobs"
    root.mkdir()
    return BlobStore(FolderBackend(root))


def row_of(blob: StoredBlob) -> BlobRow:
    """Give the row that would stand beside a blob."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return BlobRow(
        id=blob.id,
        data_key_id=KEY.id,
        size=blob.size,
        sha256=sealed_sha256(KEY, blob),
        created_at=at,
    )


def files_below(folder: Path) -> list[Path]:
    """List every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", SIZES)
def test_content_comes_back_whole(store: BlobStore, size: int) -> None:
    content = os.urandom(size)

    blob = store.write(KEY, [content])

    assert (blob.size, blob.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert store.read_whole(KEY, row_of(blob)) == content


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(st.integers(0, 3 * CHUNK_BYTES), max_size=6), seed=st.binary(max_size=4))
def test_content_comes_back_however_it_was_cut(
    store: BlobStore, pieces: list[int], seed: bytes
) -> None:
    chunks = [(seed + b"." * size)[:size] for size in pieces]

    blob = store.write(KEY, chunks)

    assert store.read_whole(KEY, row_of(blob)) == b"".join(chunks)


def test_several_blobs_are_written_at_once(store: BlobStore) -> None:
    contents = [b"one", b"two", b""]

    blobs = store.write_all(KEY, [[content] for content in contents])

    assert [store.read_whole(KEY, row_of(blob)) for blob in blobs] == contents
    assert len({blob.id for blob in blobs}) == 3


def swap_first_two_chunks(sealed: bytes) -> bytes:
    """Exchange two whole chunks."""
    first = slice(HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES)
    second = slice(first.stop, first.stop + SEALED_CHUNK_BYTES)
    return sealed[: first.start] + sealed[second] + sealed[first] + sealed[second.stop :]


def flip(position: int) -> Callable[[bytes], bytes]:
    """Give the trick that turns one bit."""

    def flipped(sealed: bytes) -> bytes:
        changed = bytearray(sealed)
        changed[position] ^= 1
        return bytes(changed)

    return flipped


TRICKS: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda sealed: b"",
    "cut_in_the_header": lambda sealed: sealed[:5],
    "cut_after_the_header": lambda sealed: sealed[:HEADER_BYTES],
    "cut_by_one_byte": lambda sealed: sealed[:-1],
    "cut_in_a_chunk": lambda sealed: sealed[: HEADER_BYTES + 1000],
    "cut_after_the_first_chunk": lambda sealed: sealed[: HEADER_BYTES + SEALED_CHUNK_BYTES],
    "cut_before_the_last_chunk": lambda sealed: sealed[: HEADER_BYTES + 2 * SEALED_CHUNK_BYTES],
    "first_chunk_dropped": lambda sealed: (
        sealed[:HEADER_BYTES] + sealed[HEADER_BYTES + SEALED_CHUNK_BYTES :]
    ),
    "first_chunk_twice": lambda sealed: (
        sealed[: HEADER_BYTES + SEALED_CHUNK_BYTES] + sealed[HEADER_BYTES:]
    ),
    "chunks_swapped": swap_first_two_chunks,
    "one_byte_appended": lambda sealed: sealed + b"\0",
    "a_chunk_appended": lambda sealed: sealed + bytes(SEALED_CHUNK_BYTES),
    "magic_changed": flip(0),
    "nonce_changed": flip(7),
    "first_chunk_changed": flip(HEADER_BYTES),
    "tag_changed": flip(-1),
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS.keys())
def test_damage_is_found(store: BlobStore, tmp_path: Path, trick: Callable[[bytes], bytes]) -> None:
    blob = store.write(KEY, [os.urandom(2 * CHUNK_BYTES + 100)])
    path = tmp_path / "blobs" / blob.id
    path.write_bytes(trick(path.read_bytes()))

    with pytest.raises(BlobDamaged):
        store.read_whole(KEY, row_of(blob))


def test_another_key_opens_nothing(store: BlobStore) -> None:
    blob = store.write(KEY, [b"content"])
    other = DataKey(KEY.id, bytes(32))

    with pytest.raises(BlobDamaged):
        store.read_whole(other, row_of(blob))


def test_a_blob_under_another_id_does_not_open(store: BlobStore, tmp_path: Path) -> None:
    one, two = store.write_all(KEY, [[b"same size 1"], [b"same size 2"]])
    folder = tmp_path / "blobs"
    (folder / one.id).write_bytes((folder / two.id).read_bytes())

    with pytest.raises(BlobDamaged):
        store.read_whole(KEY, row_of(one))


@pytest.mark.parametrize("change", [{"size": 6}, {"sha256": "00" * 32}])
def test_a_row_that_says_otherwise_is_damage(store: BlobStore, change: dict[str, Any]) -> None:
    blob = store.write(KEY, [b"content"])
    row = row_of(replace(blob, **change))

    with pytest.raises(BlobDamaged):
        store.read_whole(KEY, row)


def test_a_missing_blob_is_not_found(store: BlobStore) -> None:
    blob = store.write(KEY, [b"content"])
    store.backend.delete(blob.id)

    with pytest.raises(NotFound):
        store.read_whole(KEY, row_of(blob))


def test_nothing_is_kept_of_a_stream_that_breaks(store: BlobStore, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield os.urandom(3 * CHUNK_BYTES)
        raise ConnectionResetError("the sender hung up")

    with pytest.raises(Exception, match=r"."):
        store.write_all(KEY, [[b"whole"], broken()])

    assert files_below(tmp_path) == []


def test_no_plaintext_reaches_the_disk(store: BlobStore, tmp_path: Path) -> None:
    canary = b"CANARY-OF-A-PERSON"
    store.write(KEY, [canary * 10_000])

    written = b"".join(path.read_bytes() for path in files_below(tmp_path))

    assert len(written) > 180_000
    assert canary not in written


def test_equal_content_is_written_differently(store: BlobStore, tmp_path: Path) -> None:
    one, two = store.write_all(KEY, [[b"equal"], [b"equal"]])

    folder = tmp_path / "blobs"
    assert (folder / one.id).read_bytes()[7:] != (folder / two.id).read_bytes()[7:]


def test_a_piece_is_hashed_with_its_whole_and_proves_itself_by_its_chunks(
    store: BlobStore, tmp_path: Path
) -> None:
    whole = hashlib.sha256(b"before")
    content = os.urandom(2 * CHUNK_BYTES + 100)

    blob = store.write_piece(KEY, [content], whole)

    assert (blob.size, blob.sha256) == (len(content), "")
    assert whole.digest() == hashlib.sha256(b"before" + content).digest()
    assert store.read_whole(KEY, row_of(blob)) == content
    path = tmp_path / "blobs" / blob.id
    path.write_bytes(TRICKS["first_chunk_changed"](path.read_bytes()))
    with pytest.raises(BlobDamaged):
        store.read_whole(KEY, row_of(blob))
