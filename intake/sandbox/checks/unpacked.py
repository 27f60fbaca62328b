"""Check what comes out of the jail when it opens a container, and refuse the rest."""

import hashlib
from collections.abc import Sequence

from ..protocol import results, unpacked
from ..protocol.errors import OutputRefused
from ..protocol.text import UNSAFE_IN_BODY
from .fields import CODE, Head, read_choice, read_codes, read_text


def read_unpacked(head: Head, blobs: Sequence[bytes]) -> unpacked.Unpacked:
    """Return the opened container; raise OutputRefused when anything in it is not as agreed."""
    children = head.get("children")
    if not isinstance(children, list) or len(children) != len(blobs):
        raise OutputRefused("bad_children")
    state = read_choice(head, "state", unpacked.UNPACK_STATES)
    if len(children) > unpacked.MAX_CHILDREN or (children and state != "opened"):
        raise OutputRefused("bad_children")
    reason = read_text(head, "reason", results.MAX_TOKEN_CHARS)
    if (reason == "") != (state in unpacked.WITHOUT_REASON):
        raise OutputRefused("bad_reason")
    if reason and not CODE.fullmatch(reason):
        raise OutputRefused("bad_reason")
    return unpacked.Unpacked(
        children=tuple(_child(child, blob) for child, blob in zip(children, blobs, strict=True)),
        state=state,
        reason=reason,
        flags=read_codes(head, "flags"),
        body_text=read_text(head, "body_text", results.MAX_BODY_CHARS, UNSAFE_IN_BODY),
    )


def read_unlocked(head: Head, blobs: Sequence[bytes]) -> bytes | None:
    """Return the file without its password, None when it stayed locked; raise OutputRefused."""
    is_open = head.get("is_open")
    if not isinstance(is_open, bool) or len(blobs) != 1 or bool(blobs[0]) != is_open:
        raise OutputRefused("bad_unlocked")
    return blobs[0] if is_open else None


def _child(child: object, content: bytes) -> unpacked.Child:
    if not isinstance(child, dict):
        raise OutputRefused("bad_children")
    path = read_text(child, "path", unpacked.MAX_PATH_CHARS)
    if not path:
        raise OutputRefused("bad_path")
    return unpacked.Child(
        path=path,
        claimed_name=read_text(child, "claimed_name", results.MAX_NAME_CHARS),
        claimed_type=read_text(child, "claimed_type", results.MAX_TOKEN_CHARS),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        role=read_choice(child, "role", unpacked.CHILD_ROLES),
        defects=read_codes(child, "defects"),
    )
