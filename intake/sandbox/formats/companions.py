"""Recognise files that a computer writes beside those of a person, and that hold nothing to read.

A Mac puts `._Letter.pdf` and `.DS_Store` into each archive and sends the former with a mail (RFC
1740); Windows leaves `Thumbs.db` and `desktop.ini`, an office program `~$Letter.docx` while the
letter is open. Name and content must both be such a file's:
the name alone would be a way to send something unseen.
"""

import re
from collections.abc import Callable

# The part flag of such a file, and of what a program writes into its own kind of archive.
SYSTEM_PART = "system_part"
MAX_COMPANION_BYTES = 1024 * 1024
# RFC 1740 appendix A: magic number, version, 16 bytes, the number of entries; then each with its
# number, place and length. Entry 1 is the file itself, which a companion does not hold.
APPLE_DOUBLE = b"\x00\x05\x16\x07"
COUNT_AT, ENTRIES_AT, ENTRY_BYTES, MAX_ENTRIES, DATA_FORK = 24, 26, 12, 64, 1
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DESKTOP_INI = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+\[\.?(?:shellclassinfo|localizedfilenames)\]", re.IGNORECASE
)

OWNER_BYTES, MAX_OWNER_BYTES, MIN_LETTER = 54, 165, 0x20
PGP_VERSION = re.compile(rb"\s{0,8}version:\s{0,8}1\s{0,8}", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
# LibreOffice: name, computer, time and profile, divided by commas.
LOCK_LINE = re.compile(rb"(?:[^\x00-\x1f,;]{0,200},){2,6}[^\x00-\x1f,;]{0,300};\s*")


def is_companion(name: str, content: bytes) -> bool:
    """Say whether this is a companion; `name` may be a path.

    >>> is_companion("__MACOSX/.DS_Store", b"\\0\\0\\0\\1Bud1")
    True
    """
    last = re.split(r"[/\\]", name)[-1].lower()
    if len(content) > MAX_COMPANION_BYTES:
        return False
    if last.startswith("._") or "__macosx/" in name.lower():
        return is_resource_fork(content)
    if last.startswith("~$"):
        return _is_owner_record(content)
    if last.startswith(".~lock.") and last.endswith("#"):
        return LOCK_LINE.fullmatch(content) is not None
    looks_so = BY_NAME.get(last)
    return looks_so is not None and looks_so(content)


def is_pgp_version(claimed_type: str, content: bytes) -> bool:
    """Say whether this is the half of a PGP/MIME mail that holds no content (RFC 3156 §4).

    >>> is_pgp_version("application/pgp-encrypted", b"Version: 1\\r\\n")
    True
    """
    return claimed_type == "application/pgp-encrypted" and bool(PGP_VERSION.fullmatch(content))


def is_resource_fork(content: bytes) -> bool:
    """Say whether this is the half of a Mac's file that holds no content (AppleDouble)."""
    if not content.startswith(APPLE_DOUBLE) or len(content) > MAX_COMPANION_BYTES:
        return False
    count = int.from_bytes(content[COUNT_AT:ENTRIES_AT], "big")
    if count > MAX_ENTRIES:
        return False
    starts = range(ENTRIES_AT, ENTRIES_AT + count * ENTRY_BYTES, ENTRY_BYTES)
    numbers = {int.from_bytes(content[at : at + 4], "big") for at in starts}
    return DATA_FORK not in numbers


def _is_owner_record(content: bytes) -> bool:
    """Say whether this is what Word, Excel or PowerPoint writes beside a file that is open.

    That is the length of who opened it, their name in 53 bytes (54 of Excel), and mostly the same
    in UTF-16. The length is below a printed letter, with which a person's words would begin.
    """
    if not OWNER_BYTES <= len(content) <= MAX_OWNER_BYTES:
        return False
    size = content[0]
    name = content[1 : 1 + size].rstrip(b"\0")
    is_name = 0 < size < MIN_LETTER and bool(name) and not CONTROLS.search(name)
    return is_name and any(
        _is_length(content[at : at + 2]) for at in (OWNER_BYTES, OWNER_BYTES + 1)
    )


def _is_length(word: bytes) -> bool:
    """Say whether two bytes may be the length of a name; nothing needs to stand there."""
    return len(word) < 2 or (word[0] < OWNER_BYTES and word[1] == 0)


BY_NAME: dict[str, Callable[[bytes], bool]] = {
    ".ds_store": lambda content: content.startswith(b"\0\0\0\1Bud1"),
    "thumbs.db": lambda content: content.startswith(OLE),
    "ehthumbs.db": lambda content: content.startswith(OLE),
    "ehthumbs_vista.db": lambda content: content.startswith(OLE),
    "desktop.ini": lambda content: DESKTOP_INI.match(content) is not None,
}
