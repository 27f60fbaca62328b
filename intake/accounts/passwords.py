"""Refuse weak passwords, hash the others, and compare what somebody typed.

A password must be long and not guessable; there are no rules of composition (ASVS 5.0 V6.2).
The hash is argon2id (RFC 9106) with a random salt.
"""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intake.accounts.password_strength import is_guessable
from intake.core.errors import IntakeError

MIN_LETTERS = 15
MAX_LETTERS = 256
# The hash that is compared when an account does not exist, so that the sign-in takes the same
# work. Nobody knows its password. A test compares its parameters with the library's.
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$7sFRI2mWFtnh5RmA1nJ8vg"
    "$tl3joikDZDNXhDd6YhPni/3MNPWgWYWLoM0VhD1FYKo"
)


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
        raise PasswordRefused(f"Please use at least {MIN_LETTERS} characters. A sentence is fine.")
    if len(folded) > MAX_LETTERS:
        raise PasswordRefused(f"Please use at most {MAX_LETTERS} characters.")
    local_part, _at, domain = email.casefold().partition("@")
    if len(local_part) >= 3 and local_part in folded:
        raise PasswordRefused("Please leave your address out of the password.")
    if len(set(folded)) < 5 or is_guessable(folded, re.split(r"\W+", f"{local_part} {domain}")):
        raise PasswordRefused(
            "This password is easy to guess. Please use words that nobody would expect together."
        )


def make_hash(password: str) -> str:
    """Return the argon2id hash of a password with the library's present parameters."""
    return PasswordHasher().hash(_normalised(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password has this hash; None takes the same work and never matches."""
    if len(password) > 4 * MAX_LETTERS:
        # Hashing takes longer for a longer text, and no password is this long. The caller chose
        # the length, so this early answer tells nothing about an account.
        return False
    try:
        PasswordHasher().verify(password_hash or NOBODYS_HASH, _normalised(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with older parameters and should be made again."""
    return PasswordHasher().check_needs_rehash(password_hash)


def _normalised(password: str) -> str:
    # Keyboards differ in how they compose å and é; the person typed the same password.
    return unicodedata.normalize("NFC", password)
