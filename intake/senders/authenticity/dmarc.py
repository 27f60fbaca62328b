"""Read what a domain publishes about alignment (DMARC, RFC 7489 §6).

A record is read here and not in the jail: it is a short text from our own resolver, it must match
one pattern, and the result is one of two words.
"""

import re
from enum import Enum

MAX_RECORD_BYTES = 1024
VERSION = re.compile(rb"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
TAG = re.compile(rb"[ \t]*([a-z]{1,16})[ \t]*=[ \t]*([!-:<-~][ -:<-~]*)?")
POLICIES = frozenset({b"none", b"quarantine", b"reject"})


class Alignment(Enum):
    """How near the signing domain must be to the From domain."""

    STRICT = "the same domain"
    RELAXED = "the same organisation"


def read_alignment(records: tuple[bytes, ...]) -> Alignment | None:
    """Return the alignment that the TXT records at `_dmarc` ask of DKIM, None without a policy.

    Two policies count as none (RFC 7489 §6.6.3), and so does one that breaks the grammar, has a
    tag twice or has no p=.

    (b"v=DMARC1; p=reject; adkim=s",) -> Alignment.STRICT
    """
    policies = [record for record in records if VERSION.match(record)]
    if len(policies) != 1 or len(policies[0]) > MAX_RECORD_BYTES:
        return None
    tags: dict[bytes, bytes] = {}
    for part in policies[0].split(b";"):
        if not part.strip():
            continue
        match = TAG.fullmatch(part.rstrip())
        if match is None or match[1] in tags:
            return None
        tags[match[1]] = (match[2] or b"").strip()
    if tags.get(b"p", b"").lower() not in POLICIES:
        return None
    mode = tags.get(b"adkim", b"r").lower()
    # RFC 7489 §6.3 reads an unknown word as the default, relaxed; the strict one is safer.
    return Alignment.RELAXED if mode == b"r" else Alignment.STRICT
