"""Find where the header block of a message ends, and hash it to recognise the message.

`b"Subject: a\\r\\n\\r\\nHello"` has the block `b"Subject: a\\r\\n\\r\\n"`.
"""

import hashlib
import re

MAX_HEADER_BYTES = 256 * 1024

# A message that begins with an empty line has no header at all.
_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")


def header_block(start: bytes) -> bytes:
    """Return the bytes up to and including the first blank line, at most 256 KiB.

    `start` is the whole message or its first bytes: the result is the same as long
    as it holds the blank line or 256 KiB.
    """
    # Cut first: the search must not run through the body of a message of 100 MiB.
    window = start[:MAX_HEADER_BYTES]
    found = _BLANK_LINE.search(window)
    return window[: found.end()] if found else window


def is_complete(start: bytes) -> bool:
    """Say whether the first bytes of a message hold its header block to the end."""
    return len(start) >= MAX_HEADER_BYTES or _BLANK_LINE.search(start) is not None


def header_sha256(start: bytes) -> str:
    """Return the SHA-256 of the header block in hex."""
    return hashlib.sha256(header_block(start)).hexdigest()
