"""Gather the children of a container, and stop when there are too many or too large ones.

Every opener hands what it finds to one `Gathering`, which counts members and bytes; no limit is
kept anywhere else.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..formats.companions import SYSTEM_PART, is_companion
from ..protocol.results import MAX_NAME_CHARS, MAX_TOKEN_CHARS
from ..protocol.text import one_line
from ..protocol.unpacked import MAX_PATH_CHARS, STEP, ChildRole, Keys, UnpackLimits, UnpackState

SEPARATORS = re.compile(r"[/\\]+")
MAX_STEPS = 20
# What libraries raise on broken documents; each opener adds what only its own raises.
PARSER_ERRORS = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
    RuntimeError, UnboundLocalError, struct.error,
)  # fmt: skip
MAX_STEPS_CHARS = 4 * MAX_PATH_CHARS


class NotOpened(Exception):
    """End the opening of a container; `state` and `reason` are its answer."""

    def __init__(self, state: UnpackState, reason: str) -> None:
        super().__init__(reason)
        self.state: UnpackState = state
        self.reason = reason


def held(reason: str) -> NotOpened:
    """Return the end of a container that a person must look at."""
    return NotOpened("held", reason)


def locked(reason: str) -> NotOpened:
    """Return the end of a container that needs a password or a key."""
    return NotOpened("locked", reason)


def unreadable(reason: str) -> NotOpened:
    """Return the end of a container that is broken."""
    return NotOpened("unreadable", reason)


@dataclass(frozen=True)
class Container:
    """Hold what one call was asked to open, and with what."""

    content: bytes = field(repr=False)
    detected_type: str
    claimed_name: str
    passwords: tuple[str, ...] = field(repr=False)
    keys: Keys = field(repr=False)
    limits: UnpackLimits
    is_decrypted: bool = False


@dataclass(frozen=True)
class FoundMember:
    """Hold one child as the jail found it; the host makes a `Child` of it and computes its hash."""

    path: str
    claimed_name: str
    claimed_type: str
    content: bytes = field(repr=False)
    role: ChildRole
    defects: tuple[str, ...]


@dataclass
class Gathering:
    """Gather children, flags and the text of a mail, within the limits."""

    limits: UnpackLimits
    children: list[FoundMember] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    body_text: str = ""
    total_bytes: int = 0
    paths: set[str] = field(default_factory=set)

    def expect(self, sizes: Sequence[int], packed_sizes: Sequence[int] | None = None) -> None:
        """Refuse by what a directory declares, before anything is unpacked; raises NotOpened."""
        self.expect_count(len(sizes))
        for number, size in enumerate(sizes):
            packed = packed_sizes[number] if packed_sizes is not None else None
            self._refuse_size(size, packed)
        if self.total_bytes + sum(sizes) > self.limits.max_total_bytes:
            raise held("too_large_unpacked")

    def expect_count(self, count: int) -> None:
        """Refuse more members than are allowed; raises NotOpened."""
        if len(self.children) + count > self.limits.max_members:
            raise held("too_many_members")

    def read(
        self, chunks: Iterable[bytes], packed_size: int | None = None, *, is_whole: bool = False
    ) -> bytes:
        """Return the chunks joined; stop at the first byte over a limit, whatever was declared.

        `is_whole` says that the chunks are an archive of many members and not one member of it.
        Raises NotOpened.
        """
        taken: list[bytes] = []
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self._refuse_size(size, packed_size, is_whole=is_whole)
            if self.total_bytes + size > self.limits.max_total_bytes:
                raise held("too_large_unpacked")
            taken.append(chunk)
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def add(
        self,
        name: str,
        content: bytes,
        *,
        role: ChildRole = "attachment",
        claimed_type: str = "",
        defects: Iterable[str] = (),
        unnamed: str = "attachment",
    ) -> None:
        """Add one child under the name its container gives it; raises NotOpened over a limit.

        A child without a name is called `unnamed` and its number.
        """
        self.expect_count(1)
        self._refuse_size(len(content), None)
        self.total_bytes += len(content)
        if self.total_bytes > self.limits.max_total_bytes:
            raise held("too_large_unpacked")
        path = self._unique(path_of(name) or f"{unnamed} {len(self.children) + 1}")
        last = SEPARATORS.split(name[-4 * MAX_NAME_CHARS :])[-1]
        own = {SYSTEM_PART} if is_companion(name, content) else set()
        self.children.append(
            FoundMember(
                path=path,
                claimed_name=one_line(last, MAX_NAME_CHARS),
                claimed_type=one_line(claimed_type, MAX_TOKEN_CHARS).lower(),
                content=content,
                role=role,
                defects=tuple(sorted(own | set(defects))),
            )
        )

    def _unique(self, path: str) -> str:
        """Return the path, numbered when the container has it already."""
        numbered, number = path, 2
        while numbered in self.paths:
            numbered = f"{path[: MAX_PATH_CHARS - 8]} ({number})"
            number += 1
        self.paths.add(numbered)
        return numbered

    def _refuse_size(self, size: int, packed_size: int | None, *, is_whole: bool = False) -> None:
        if size > self.limits.max_member_bytes and not is_whole:
            raise held("too_large_unpacked")
        if packed_size is None or size <= self.limits.min_ratio_bytes:
            return
        if size > self.limits.max_ratio * max(packed_size, 1):
            raise held("ratio_too_high")


def path_of(name: str) -> str:
    """Return a member's name as steps for people to read.

    "../a/b.pdf" -> ".. › a › b.pdf"
    """
    steps = (one_line(step, MAX_NAME_CHARS) for step in SEPARATORS.split(name[:MAX_STEPS_CHARS]))
    return STEP.join([step for step in steps if step][-MAX_STEPS:])[-MAX_PATH_CHARS:].strip()
