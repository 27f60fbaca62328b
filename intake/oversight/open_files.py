"""Find and mend what others on this machine may read of the data folder (threat B61).

Everything is made for its owner alone; an older release left the database and the model open.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from storage import private_files

if TYPE_CHECKING:
    from intake.core.settings import Settings

LOG = logging.getLogger(__name__)


def open_to_others(settings: "Settings", *, is_thorough: bool = False) -> Iterator[Path]:
    """Give each file and folder of ours that others than its owner may use, once.

    Single blobs are looked at only if `is_thorough`: there may be a million.
    """
    seen: set[Path] = set()
    blobs = _path(settings.blobs_url, "file")
    skipped = None if is_thorough else blobs
    folders = [settings.data_dir] if blobs is None else [settings.data_dir, blobs]
    for folder in folders:
        seen |= set(private_files.loose(folder, blobs=skipped))
    database = _path(settings.database_url, "sqlite")
    if database is not None:
        seen |= set(private_files.loose_database_files(database))
    yield from sorted(seen)


def close_to_others(settings: "Settings") -> None:
    """Take from others what an older release or the operator left open, with a note in the log."""
    found = list(open_to_others(settings))
    closed = sum(private_files.tighten(path) for path in found)
    if found:
        LOG.warning("event=data_folder_closed closed=%d left_open=%d", closed, len(found) - closed)


def shown(settings: "Settings", path: Path) -> str:
    """Return a path as it reads in a sentence: from the data folder on, where it lies there."""
    if path.is_relative_to(settings.data_dir):
        path = path.relative_to(settings.data_dir)
    return ascii(str(path))


def _path(url: str, scheme: str) -> Path | None:
    parts = urlsplit(url)
    if parts.scheme != scheme:
        return None
    # sqlite:///PATH has one slash more than file://PATH.
    return Path(unquote(parts.path)[1:] if scheme == "sqlite" else unquote(parts.path))
