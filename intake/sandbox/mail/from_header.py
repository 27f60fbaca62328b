"""Read the sender's address from a From header, if the header names one beyond doubt.

The grammar is a strict allow list and not `email.utils`, which reads
`alice@example.org)bob@evil.org` as Alice (CVE-2023-27043). A header outside the grammar gives no
address, so its sender is unverified.
"""

import re
from collections.abc import Sequence

from ..protocol.results import MAX_CLAIMED_FROM_CHARS
from ..protocol.text import UNSAFE, header_text, one_line

MAX_FROM_BYTES = 2000
MAX_LOCAL_CHARS = 64
MAX_DOMAIN_CHARS = 253

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
QUOTED = r'"(?:[^"\\]|\\.)*"'
# RFC 5322 §3.4 without comments, groups, routes and quoted local parts. A dot in a display name
# ("John Q. Public") and UTF-8 there (RFC 6532) are everyday mail and cannot be misread.
WORDS = rf"(?:[^<>@,;:()\[\]\\\"]|{QUOTED})*"
ADDRESS = rf"(?P<local>{ATEXT}+(?:\.{ATEXT}+)*)@(?P<domain>{LABEL}(?:\.{LABEL})*)"
MAILBOX = re.compile(rf"(?:{ADDRESS}|{WORDS}<{ADDRESS.replace('?P<', '?P<angle_')}>)[ \t]*")


def read_sender(
    values: Sequence[bytes], block_defects: Sequence[str] = ()
) -> tuple[str | None, tuple[str, ...]]:
    """Return the address of the one mailbox in the one From header, and the defects.

    The address is None as soon as there is one defect. Its domain is in lower case, its local part
    as written, since only the receiving domain knows whether case matters there (RFC 5321 §2.4).
    A header block that another program may read further, or otherwise, can hide a second From. So
    each of these is a defect as well: a NUL, a bare CR, a line that is no field, a blank before a
    colon, and a block over the limit.

    [b"Alice <a@Example.org>"] -> ("a@example.org", ())
    [b"a@example.org)b@evil.org"] -> (None, ("bad_syntax",))
    """
    if not values:
        return None, ("no_from",)
    if len(values) > 1:
        return None, ("many_from_headers",)
    if len(values[0]) > MAX_FROM_BYTES:
        return None, ("too_long",)
    try:
        text = values[0].decode("utf-8")
    except UnicodeDecodeError:
        return None, ("bad_syntax",)
    # Characters that reorder or hide are refused too: a person compares the name with the address.
    if UNSAFE.search(text.replace("\t", " ")) or {"nul", "bare_cr"} & set(block_defects):
        return None, ("control_characters",)
    if {"line_without_colon", "header_cut", "space_before_colon"} & set(block_defects):
        return None, ("header_broken",)
    match = MAILBOX.fullmatch(text.strip(" \t"))
    if match is None:
        return None, (_defect(text),)
    local = match["local"] or match["angle_local"]
    domain = match["domain"] or match["angle_domain"]
    if len(local) > MAX_LOCAL_CHARS or len(domain) > MAX_DOMAIN_CHARS:
        return None, ("too_long",)
    if "=?" in local:
        return None, ("encoded_address",)
    return f"{local}@{domain.lower()}", ()


def claimed_from(values: Sequence[bytes]) -> str:
    """Return the From headers as text for a person to read; never to decide by."""
    texts = (header_text(value[: 4 * MAX_CLAIMED_FROM_CHARS]) for value in values[:5])
    return one_line(", ".join(texts), MAX_CLAIMED_FROM_CHARS)


def _defect(text: str) -> str:
    """Name why `text` is not one mailbox, for the log and the officer."""
    outside = re.sub(QUOTED, "", text)
    if ":" in outside or ";" in outside:
        return "bad_syntax"
    if outside.count("@") > 1 and "," in outside:
        return "many_mailboxes"
    _, angle, inner = outside.rpartition("<")
    if "=?" in (inner if angle else outside):
        return "encoded_address"
    return "bad_syntax"
