"""ExclusiveLock: steps run side by side, except one that may be what takes the worker down.

When a worker dies, whatever it held looks guilty. A submission that was held at two deaths
gets its next turn alone: if the worker dies again, it was that one, and its neighbours are
not put before a person for nothing. Imports nothing of ours.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ExclusiveLock:
    """One process's turns; threads share it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._waiting_alone = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Run together with others; whoever waits to run alone goes first."""
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
