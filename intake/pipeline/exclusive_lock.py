"""Let steps run at the same time, except one that may be what kills the worker.

When a worker dies, any submission that it was processing may be the cause. One that was processed
at two deaths runs alone next: if the worker dies again, that submission was the cause, and the
others are not handed to a person in vain.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ExclusiveLock:
    """A lock that many threads of a process share, or one has alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._waiting_alone = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Run together with others; a thread that waits to run alone goes first."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting_alone == 0)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Wait until nothing runs, and run while nothing else does."""
        with self._changed:
            self._waiting_alone += 1
            self._changed.wait_for(lambda: self._running == 0)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._waiting_alone -= 1
                self._changed.notify_all()
