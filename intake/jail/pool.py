"""Know how several jails are shared out to threads.

Used on the host only; imports `host`. A jail serves one request at a time, so there are as many as
requests should run side by side.
"""

import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import answers, rendition, unpacked
from .host import Document, Jail, Limits


class JailPool:
    """Hand each request to a free jail, or let it wait for one; threads may share the pool.

    The jail used last is handed out first, so that an idle system keeps one process warm.
    """

    def __init__(
        self, size: int, *, limits: Limits | None = None, allow_reduced: bool, niceness: int = 0
    ) -> None:
        self._jails = [
            Jail(limits=limits, allow_reduced=allow_reduced, niceness=niceness) for _ in range(size)
        ]
        self._free: queue.LifoQueue[Jail] = queue.LifoQueue()
        for jail in self._jails:
            self._free.put(jail)

    @property
    def mode(self) -> str:
        """Say what walls the running jails have: the weakest counts."""
        modes = {jail.mode for jail in self._jails}
        return next((mode for mode in ("reduced", "bubblewrap") if mode in modes), "not started")

    def start(self) -> None:
        """Start every jail; raise JailUnavailable when one cannot be."""
        for jail in self._jails:
            jail.start()

    def close(self) -> None:
        """End every jail; each waits for the request that it is serving."""
        for jail in self._jails:
            jail.close()

    def open_mail(self, raw: bytes) -> answers.OpenedMail:
        """Return the facts and the leaves of a raw message."""
        with self._jail() as jail:
            return jail.open_mail(raw)

    def read_header(self, raw_header: bytes) -> answers.MailFacts:
        """Return the facts of the first 256 KiB of a message, for when opening it failed."""
        with self._jail() as jail:
            return jail.read_header(raw_header)

    def inspect(self, content: bytes, claimed_type: str, claimed_name: str) -> answers.Inspection:
        """Return what the parsers say about one document."""
        with self._jail() as jail:
            return jail.inspect(content, claimed_type, claimed_name)

    def inspect_many(self, documents: Sequence[Document]) -> list[answers.Inspection]:
        """Return an inspection for each document in order; see `Jail.inspect_many`."""
        with self._jail() as jail:
            return jail.inspect_many(documents)

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int = rendition.DEFAULT_DPI,
        max_pages: int = rendition.DEFAULT_MAX_PAGES,
    ) -> rendition.Rendition:
        """Return the safe copy of one document, as images of its pages."""
        with self._jail() as jail:
            return jail.render(content, detected_type, dpi=dpi, max_pages=max_pages)

    def unpack(
        self,
        content: bytes,
        detected_type: str,
        claimed_name: str,
        *,
        passwords: Sequence[str] = (),
        keys: unpacked.Keys = unpacked.NO_KEYS,
        limits: unpacked.UnpackLimits = unpacked.DEFAULT_LIMITS,
    ) -> unpacked.Unpacked:
        """Return what one container holds, one level deep; passwords and keys are only tried."""
        with self._jail() as jail:
            return jail.unpack(
                content, detected_type, claimed_name, passwords=passwords, keys=keys, limits=limits
            )

    def unlock(self, content: bytes, detected_type: str, password: str) -> bytes | None:
        """Return a locked file without its lock, or None when the password does not open it."""
        with self._jail() as jail:
            return jail.unlock(content, detected_type, password)

    @contextmanager
    def _jail(self) -> Iterator[Jail]:
        jail = self._free.get()
        try:
            yield jail
        finally:
            self._free.put(jail)
