"""Make files and folders that only our own user may enter, and find those that others may.

The database holds sealed texts beside much that is in clear, and a model tells what it learnt from.
The umask is the operator's and is not relied on.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

FILE_MODE, FOLDER_MODE = 0o600, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What SQLite lays beside a database; it gives them the mode of the database at that moment.
BESIDE_DATABASE = ("", "-wal", "-shm", "-journal")


def make_folder(path: Path) -> None:
    """Make a folder, mode 0700, and every folder above it that is missing."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)


def open_new(path: Path) -> BinaryIO:
    """Open a file for writing from its start, mode 0600 from its first moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    os.fchmod(descriptor, FILE_MODE)
    return os.fdopen(descriptor, "wb")


def open_to_append(path: Path) -> BinaryIO:
    """Open a file for writing at its end, mode 0600 if it is new."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE), "ab")


def make_database_file(path: Path) -> None:
    """Make an empty database file, mode 0600, unless there is one.

    One that is there is not opened: closing a file ends every POSIX lock that this process has on
    it, those of SQLite's open connections too (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        # mknod opens nothing: a new file's descriptor could close after another thread locked it.
        os.mknod(path, FILE_MODE | stat.S_IFREG)


def loose(folder: Path, *, blobs: Path | None = None) -> Iterator[Path]:
    """Give each file and folder that others than its owner may use: the folder and all below it.

    Of the folder `blobs`, which may hold a million files, only the folders are looked at.
    """
    yield from _loose(folder)
    for parent, folders, files in os.walk(folder):
        is_blobs = blobs is not None and Path(parent) == blobs
        for name in (*folders, *(() if is_blobs else files)):
            yield from _loose(Path(parent) / name)
        if is_blobs:
            folders.clear()


def loose_database_files(path: Path) -> Iterator[Path]:
    """Give those of a SQLite database's files that others than their owner may use."""
    for more in BESIDE_DATABASE:
        yield from _loose(path.with_name(path.name + more))


def tighten(path: Path) -> bool:
    """Take from a file or folder what others may; return False where it is not ours to change."""
    try:
        path.chmod(path.stat().st_mode & stat.S_IRWXU)
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    return True


def _loose(path: Path) -> Iterator[Path]:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and mode & OTHERS:
        yield path
