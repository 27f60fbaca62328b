"""Hash and compare passwords, a fixed number at once: each takes 19 MiB, and time.

Everything that hashes a password goes through here, so that nobody can take all memory with
sign-ins (threat W4). A test holds that nothing else calls `passwords` for it.
"""

from typing import TYPE_CHECKING

from intake.accounts import passwords
from intake.core.fair_line import LineFull
from storage.accounts import users

if TYPE_CHECKING:
    from intake.core.fair_line import Caller
    from intake.core.services import Services


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
        in_use = users.password_hashes(session)
    try:
        with services.hashing.turn(caller):
            return passwords.matches(password, known_hash, in_use)
    except LineFull:
        with services.database.transaction() as session:
            users.give_back_attempt(session, counted)
        raise


def make_hash(services: "Services", caller: "Caller", password: str) -> str:
    """Return the hash of a new password. Raises LineFull."""
    with services.hashing.turn(caller):
        return passwords.make_hash(password)
