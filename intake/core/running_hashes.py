"""Keep the SHA-256 of files that are being uploaded, as far as this process has seen them.

Reading a file again at its end costs as much as hashing it while it arrives. The hashes kept here
are only a shortcut: after a restart, in another process, or when too many files arrive at once,
the file is read from its beginning (`arrivals.chunks`).
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
    """Holds for each of the last files how many bytes were seen, and the hash of these bytes."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, _Hash]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, file_id: str, place: int) -> "_Hash | None":
        """Return a copy of the hash of a file's first `place` bytes, None when it is not known."""
        if place == 0:
            return hashlib.sha256()
        with self._lock:
            seen = self._known.get(file_id)
        return seen[1].copy() if seen is not None and seen[0] == place else None

    def keep(self, file_id: str, place: int, digest: "_Hash") -> None:
        """Remember the hash of a file's first `place` bytes."""
        with self._lock:
            self._known[file_id] = (place, digest)
            self._known.move_to_end(file_id)
            if len(self._known) > MAX_FILES:
                self._known.popitem(last=False)
