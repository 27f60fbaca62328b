"""Check that blobs in a folder are written once, whole or not at all, and never outside."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.blobs.folder import FolderBackend
from storage.errors import NotFound, StorageFull, StorageUnavailable
from tests.components.server import is_root

ID = "ab/" + "0f" * 16


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the empty folder of a backend."""
    folder = tmp_path / "blobs"
    folder.mkdir()
    return folder


def put(backend: FolderBackend, key: str, content: bytes) -> None:
    """Store one blob."""
    backend.put_all([(key, [content])])


def test_what_was_put_is_read(root: Path) -> None:
    put(FolderBackend(root), ID, b"content")

    assert b"".join(FolderBackend(root).get(ID)) == b"content"


def test_files_are_for_their_owner_only(root: Path) -> None:
    put(FolderBackend(root), ID, b"content")

    assert (root / ID).stat().st_mode & 0o777 == 0o600


def test_a_blob_is_written_once(root: Path) -> None:
    backend = FolderBackend(root)
    put(backend, ID, b"first")

    with pytest.raises(StorageUnavailable):
        put(backend, ID, b"second")

    assert b"".join(backend.get(ID)) == b"first"
    assert len(list(backend.listing())) == 1


def test_a_refused_second_writing_removes_the_others_of_its_call(root: Path) -> None:
    backend = FolderBackend(root)
    put(backend, ID, b"first")
    other = "ab/" + "1f" * 16

    with pytest.raises(StorageUnavailable):
        backend.put_all([(other, [b"other"]), (ID, [b"second"])])

    assert [key for key, _ in backend.listing()] == [ID]


HOSTILE_KEYS = (
    "",
    "ab",
    "ab/",
    "/etc/passwd",
    "../etc/passwd",
    "..//etc/passwd",
    "../passwd",
    "ab/../../passwd",
    "ab/..",
    "ab/.",
    "ab/a/b",
    "abc/name",
    "ab/na\0me",
    "ab/-name",
    "./name",
    "/./name",
    "//name",
    "AB/name",
)


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_a_hostile_key_reads_nothing(root: Path, key: str) -> None:
    (root.parent / "passwd").write_text("secret")
    (root / "name").write_text("secret")

    with pytest.raises(NotFound):
        list(FolderBackend(root).get(key))


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_a_hostile_key_deletes_nothing(root: Path, key: str) -> None:
    outside = root.parent / "passwd"
    outside.write_text("secret")
    (root / "name").write_text("secret")

    with pytest.raises(NotFound):
        FolderBackend(root).delete(key)

    assert outside.exists()
    assert (root / "name").exists()


def test_a_missing_blob_is_not_found(root: Path) -> None:
    with pytest.raises(NotFound):
        list(FolderBackend(root).get(ID))


def test_deleting_a_missing_blob_is_no_error(root: Path) -> None:
    FolderBackend(root).delete(ID)

    assert list(FolderBackend(root).listing()) == []


def test_listing_tells_every_file_with_its_age(root: Path) -> None:
    backend = FolderBackend(root)
    put(backend, ID, b"content")
    half_written = root / "cd" / ("2e" * 16 + ".part")
    half_written.parent.mkdir()
    half_written.touch()
    (root / "not-ours").mkdir()
    (root / "not-ours" / "file").touch()
    hour_ago = (root / ID).stat().st_mtime - 3600
    os.utime(half_written, (hour_ago, hour_ago))

    ages = dict(backend.listing())

    assert set(ages) == {ID, f"cd/{half_written.name}"}
    assert ages[ID] < 60 < 3500 < ages[f"cd/{half_written.name}"]


def test_a_listed_half_written_file_can_be_deleted(root: Path) -> None:
    half_written = root / "cd" / ("2e" * 16 + ".part")
    half_written.parent.mkdir()
    half_written.touch()
    backend = FolderBackend(root)

    for key, _ in list(backend.listing()):
        backend.delete(key)

    assert not half_written.exists()


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    file_in_the_way = tmp_path / "blobs"
    file_in_the_way.touch()

    with pytest.raises(StorageUnavailable):
        put(FolderBackend(file_in_the_way), ID, b"content")


def test_a_folder_that_cannot_be_read_is_unavailable(root: Path) -> None:
    (root / ID).mkdir(parents=True)

    with pytest.raises(StorageUnavailable):
        list(FolderBackend(root).get(ID))


def test_a_blob_that_cannot_be_deleted_is_unavailable(root: Path) -> None:
    (root / ID).mkdir(parents=True)

    with pytest.raises(StorageUnavailable):
        FolderBackend(root).delete(ID)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of 256 KiB."""
    if not is_root():
        pytest.skip("only root can mount a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=256k"]
    if subprocess.run(["mount", *options, "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_says_so_and_keeps_nothing(tiny_disk: Path) -> None:
    backend = FolderBackend(tiny_disk)
    small = "ab/" + "1f" * 16

    with pytest.raises(StorageFull):
        backend.put_all([(small, [b"small"]), (ID, [bytes(1024 * 1024)])])

    assert list(backend.listing()) == []


def test_a_full_disk_takes_blobs_again_when_there_is_space(tiny_disk: Path) -> None:
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(200 * 1024))
    backend = FolderBackend(tiny_disk)
    with pytest.raises(StorageFull):
        put(backend, ID, bytes(100 * 1024))

    ballast.unlink()
    put(backend, ID, bytes(100 * 1024))

    assert len(b"".join(backend.get(ID))) == 100 * 1024
