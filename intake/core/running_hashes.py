"""Running hashes: the SHA-256 of files on their way up, as far as this process has seen them.

Reading a file through again at its end costs as much as hashing it on its way. What is kept here
is only ever a shortcut: another process, a restart, or too many files at once, and the file is read
through (`arrivals.chunks.finish`). Imports the standard library only.
"""

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

# A few hundred bytes each.
MAX_FILES = 1000


class RunningHashes:
    """Holds how far each of the last files was seen, and its hash up to there."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, _Hash]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, file_id: str, place: int) -> "_Hash | None":
        """Return a copy of a file's hash at a place; None when it is not known up to there."""
        if place == 0:
            return hashlib.sha256()
        with self._lock:
            seen = self._known.get(file_id)
        return seen[1].copy() if seen is not None and seen[0] == place else None

    def keep(self, file_id: str, place: int, digest: "_Hash") -> None:
        """Remember a file's hash up to a place."""
        with self._lock:
            self._known[file_id] = (place, digest)
            self._known.move_to_end(file_id)
            if len(self._known) > MAX_FILES:
                self._known.popitem(last=False)
