"""Keep blobs in a local folder, each durable before it has its final name.

A file is written under a temporary name and synced, then linked to its final name; then the folder
is synced.
"""

import errno
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage import private_files
from storage.base import new_id
from storage.errors import NotFound, StorageFull, StorageUnavailable

READ_BYTES = 1024 * 1024
# Two digits of the data key, then a random id; `.part` while it is being written.
OUR_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.part)?")


class FolderBackend:
    """Ciphertext under `root/AA/…`; a file under its final name is complete and durable."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put_all(self, items: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Store each stream; after a failure the files of this call are removed again."""
        folders: set[Path] = set()
        written: list[Path] = []
        with _translated():
            try:
                for key, stream in items:
                    path = self._path(key)
                    self._write(path, stream)
                    written.append(path)
                    folders.add(path.parent)
                for folder in folders:
                    _sync_folder(folder)
            except BaseException:
                for path in written:
                    path.unlink(missing_ok=True)
                raise

    def get(self, key: str) -> Iterator[bytes]:
        """Stream one file. Raises NotFound when it is missing."""
        try:
            with self._path(key).open("rb") as file:
                while piece := file.read(READ_BYTES):
                    yield piece
        except FileNotFoundError as error:
            raise NotFound from error
        except OSError as error:
            raise StorageUnavailable from error

    def delete(self, key: str) -> None:
        """Remove one file; a missing one is no error."""
        with _translated():
            self._path(key).unlink(missing_ok=True)

    def listing(self) -> Iterator[tuple[str, float]]:
        """List every stored file, half-written ones included, with its age in seconds."""
        now = time.time()
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for path in folder.iterdir():
                with suppress(FileNotFoundError):
                    yield f"{folder.name}/{path.name}", now - path.stat().st_mtime

    def _path(self, key: str) -> Path:
        # All keys are ours. The check costs nothing, and no path from outside ever passes it.
        if OUR_KEY.fullmatch(key) is None:
            raise NotFound
        return self._root / key

    def _write(self, path: Path, stream: Iterable[bytes]) -> None:
        if not path.parent.is_dir():
            private_files.make_folder(path.parent)
            _sync_folder(self._root)
        temporary = path.with_name(f"{new_id()}.part")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in stream:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            # A link refuses to overwrite, unlike a rename, so a blob is written once.
            path.hardlink_to(temporary)
        finally:
            temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull from error
        raise StorageUnavailable from error
