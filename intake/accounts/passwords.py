"""Refuse weak passwords, hash the others, and compare what somebody typed.

A password must be long and not guessable; there are no rules of composition (ASVS 5.0 V6.2).
The hash is argon2id (RFC 9106) with a random salt, and of the smallest cost that OWASP's Password
Storage Cheat Sheet names: passwords are long and the stored hash is sealed, so what a higher cost
would add for a thief is little, and what it takes from officers while strangers guess is much.
"""

import re
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intake.accounts.password_strength import is_guessable
from intake.core.errors import IntakeError
from storage.worded import worded

MIN_LETTERS = 15
MAX_LETTERS = 256
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
COST = "$argon2id$v=19$m=19456,t=2,p=1"
# What is compared when an account does not exist, so that the sign-in takes the same work. Nobody
# knows its password.
NOBODYS_END = "$7sFRI2mWFtnh5RmA1nJ8vg$tl3joikDZDNXhDd6YhPni/3MNPWgWYWLoM0VhD1FYKo"
NOBODYS_HASH = COST + NOBODYS_END


class PasswordRefused(IntakeError):
    """A new password is too short, too long or too well known; `public` says which."""

    reason = "password_refused"
    status = 400

    def __init__(self, public: str) -> None:
        self.public = public
        super().__init__(public)


def check_new(password: str, email: str) -> None:
    """Refuse a weak new password. Raises PasswordRefused."""
    folded = _normalised(password).casefold()
    if len(folded) < MIN_LETTERS:
        raise PasswordRefused(
            worded(
                "Please use at least %(least)s characters. A sentence is fine.", least=MIN_LETTERS
            )
        )
    if len(folded) > MAX_LETTERS:
        raise PasswordRefused(worded("Please use at most %(most)s characters.", most=MAX_LETTERS))
    local_part, _at, domain = email.casefold().partition("@")
    if len(local_part) >= 3 and local_part in folded:
        raise PasswordRefused(worded("Please leave your address out of the password."))
    if len(set(folded)) < 5 or is_guessable(folded, re.split(r"\W+", f"{local_part} {domain}")):
        raise PasswordRefused(
            worded(
                "This password is easy to guess. Please use words that nobody would expect "
                "together."
            )
        )


def make_hash(password: str) -> str:
    """Return the argon2id hash of a password with the present cost."""
    return HASHER.hash(_normalised(password))


def matches(password: str, password_hash: str | None, in_use: Iterable[str] = ()) -> bool:
    """Tell whether a password has this hash; None takes the same work and never matches.

    `in_use` are all hashes of the house. While some have another cost than the present one, each
    comparison takes the work of every cost: time must not tell whose hash is old, nor that there
    is one.
    """
    if len(password) > 4 * MAX_LETTERS:
        # Hashing takes longer for a longer text, and no password is this long. The caller chose
        # the length, so this early answer tells nothing about an account.
        return False
    typed, compared = _normalised(password), password_hash or NOBODYS_HASH
    is_right = _verified(compared, typed)
    for cost in sorted({COST, *map(_cost, in_use)} - {_cost(compared)}):
        _verified(cost + NOBODYS_END, typed)
    return is_right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with another cost and should be made again."""
    return HASHER.check_needs_rehash(password_hash)


def _verified(password_hash: str, typed: str) -> bool:
    try:
        return HASHER.verify(password_hash, typed)
    except (VerificationError, InvalidHashError):
        return False


def _cost(password_hash: str) -> str:
    """Return the hash without its salt and its end."""
    return password_hash.rsplit("$", 2)[0]


def _normalised(password: str) -> str:
    # Keyboards differ in how they compose å and é; the person typed the same password.
    return unicodedata.normalize("NFC", password)
