"""Hold what is asked when a container is opened, and what comes out of it.

One call opens one container one level; the caller counts the levels. All text here is what
strangers wrote, shortened and cleaned.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

MAX_PATH_CHARS = 500
MAX_CHILDREN = 1000
MAX_PASSWORDS = 20
MAX_PASSWORD_CHARS = 1000
STEP = " › "

ChildRole = Literal["attachment", "inline", "message", "body"]
UnpackState = Literal["opened", "locked", "held", "unreadable", "not_a_container"]
CHILD_ROLES: tuple[ChildRole, ...] = get_args(ChildRole)
UNPACK_STATES: tuple[UnpackState, ...] = get_args(UnpackState)
WITHOUT_REASON: frozenset[UnpackState] = frozenset({"opened", "not_a_container"})


@dataclass(frozen=True)
class UnpackLimits:
    """Hold what one container may unpack to; each is checked before and again while unpacking.

    `max_total_bytes` stays below the jail's `Limits.max_output_bytes`, or the answer would be
    refused as a whole. The ratio counts only for members larger than `min_ratio_bytes`: short
    texts compress well without being bombs.
    """

    max_members: int = MAX_CHILDREN
    max_member_bytes: int = 100 * 1024**2
    max_total_bytes: int = 240 * 1024**2
    max_ratio: int = 100
    min_ratio_bytes: int = 1024**2


@dataclass(frozen=True)
class SmimeKey:
    """Hold one private key and its certificate, both as PEM without a password."""

    key_pem: str = field(repr=False)
    certificate_pem: str = field(repr=False)


@dataclass(frozen=True)
class Keys:
    """Hold the keys to try on encrypted mail; `pgp` are secret keys, armoured, without a password.

    They reach a child that decrypts with them and does nothing else: what comes out is opened by
    another one, so that no parser of what a stranger wrote has a key in its memory.
    """

    smime: tuple[SmimeKey, ...] = ()
    pgp: tuple[str, ...] = field(default=(), repr=False)

    def for_lock(self, reason: str) -> "Keys":
        """Return the keys that may open what is locked for this reason; perhaps none."""
        if reason == "smime_encrypted":
            return Keys(smime=self.smime)
        return Keys(pgp=self.pgp) if reason in PGP_LOCKS else NO_KEYS


NO_KEYS = Keys()
# The second is said where passwords were tried.
PGP_LOCKS = frozenset({"pgp_encrypted", "no_key_fits"})
DEFAULT_LIMITS = UnpackLimits()


@dataclass(frozen=True)
class Child:
    """Hold one document out of a container, whole.

    `path` are the steps to it within the container, for people to read: it is made of cleaned
    names and is never a path of any file system. `sha256` is computed on the host.
    """

    path: str
    claimed_name: str
    claimed_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)
    role: ChildRole
    defects: tuple[str, ...]


@dataclass(frozen=True)
class Unpacked:
    """Hold one container, opened one level.

    There are children only in the state `opened`, and then all of them: a container of which a
    part cannot be shown is held, locked or unreadable as a whole, with the cause in `reason`.
    `body_text` is the text of a mail that needs no document of its own.
    """

    children: tuple[Child, ...]
    state: UnpackState
    reason: str
    flags: tuple[str, ...]
    body_text: str = ""


def question(
    detected_type: str,
    claimed_name: str,
    passwords: Sequence[str],
    keys: Keys,
    limits: UnpackLimits,
    *,
    is_decrypted: bool = False,
) -> dict[str, object]:
    """Return the arguments of `unpack`; passwords that are too long or too many are left out.

    With keys the answer is what they decrypt, unopened, as the last child; `is_decrypted` then asks
    for what that holds.
    """
    tried = [word for word in passwords if len(word) <= MAX_PASSWORD_CHARS][:MAX_PASSWORDS]
    return {
        "detected_type": detected_type,
        "claimed_name": claimed_name,
        "passwords": tried,
        "keys": asdict(keys),
        "limits": asdict(limits),
        "is_decrypted": is_decrypted,
    }
