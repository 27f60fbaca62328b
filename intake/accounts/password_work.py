"""Hash and compare passwords, a fixed number at once: each takes 19 MiB, and time.

Everything that hashes a password goes through here, so that nobody can take all memory with
sign-ins (threat W4). A test holds that nothing else calls `passwords` for it. It is done in threads
of its own: the C library keeps the memory for each thread that ever hashed, and the portal has
many.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from intake.accounts import passwords
from intake.core.fair_line import LineFull
from intake.core.services import HASHED_AT_ONCE
from storage.accounts import users

if TYPE_CHECKING:
    from intake.core.fair_line import Caller
    from intake.core.services import Services

Given = ParamSpec("Given")
Made = TypeVar("Made")


class _OwnThreads:
    """Threads that hash; a process that was forked begins with none."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def do(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
        """Let one of them do some work, and wait for it."""
        return self._pool.submit(work, *given, **named).result()

    def _begin(self) -> None:
        self._pool = ThreadPoolExecutor(HASHED_AT_ONCE, thread_name_prefix="hash")


_THREADS = _OwnThreads()


def compare(
    services: "Services",
    caller: "Caller",
    password: str,
    known_hash: str | None,
    counted: list[int],
) -> bool:
    """Tell whether a password has a hash; None takes the same work and the same line.

    `counted` are the ids of the attempt's counts that LineFull gives back. Raises LineFull.
    """
    with services.database.reading() as session:
        in_use = users.password_hashes(session, services.now())
    try:
        with services.hashing.turn(caller):
            return _THREADS.do(passwords.matches, password, known_hash, in_use)
    except LineFull:
        with services.database.transaction() as session:
            users.give_back_attempt(session, counted)
        raise


def make_hash(services: "Services", caller: "Caller", password: str) -> str:
    """Return the hash of a new password. Raises LineFull."""
    with services.hashing.turn(caller):
        return _THREADS.do(passwords.make_hash, password)
