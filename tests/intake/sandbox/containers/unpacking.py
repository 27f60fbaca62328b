"""Unpack level by level for the tests, as the host does."""

from collections.abc import Iterator, Sequence

from intake.sandbox import Child, Jail, Unpacked

MAX_LEVELS = 10


def unpack(
    jail: Jail, content: bytes, name: str = "", *, passwords: Sequence[str] = ()
) -> Unpacked:
    """Open one level of a container whose type nobody detected."""
    return jail.unpack(content, "", name, passwords=passwords)


def answer(unpacked: Unpacked) -> tuple[str, str]:
    """Return state and reason."""
    return unpacked.state, unpacked.reason


def contents(unpacked: Unpacked) -> dict[str, bytes]:
    """Return the children's contents by their paths."""
    return {child.path: child.content for child in unpacked.children}


def every(jail: Jail, content: bytes, name: str, level: int = 0) -> Iterator[Child | str]:
    """Yield every child of every level, and the reason where one was not opened."""
    if level == MAX_LEVELS:
        yield "nested_too_deep"
        return
    unpacked = unpack(jail, content, name)
    if unpacked.reason:
        yield unpacked.reason
    for child in unpacked.children:
        yield child
        yield from every(jail, child.content, child.claimed_name, level + 1)
