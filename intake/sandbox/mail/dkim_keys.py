"""Judge which published keys may vouch for a message (RFC 6376 §3.6.1, RFC 8301).

The rules are ours, because dkimpy verifies with a key that is only being tested (`t=y`), takes any
size from 1024 bits up to whatever the record holds, and does not know `h=` and `g=`.
"""

import base64
import binascii
import re

from dkim.crypto import UnparsableKeyError, parse_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from ..protocol.signatures import MAX_RECORD_BYTES, SignatureOutcome

# RFC 8301 §3.2: signers at least 1024, verifiers at least up to 4096. A key of 24 000 bits and an
# exponent as long fit into a record and would take minutes.
MIN_KEY_BITS, MAX_KEY_BITS = 1024, 4096
MAX_EXPONENT = 2**32
BLANKS = re.compile(rb"\s+")


def judge_key(record: bytes, identity_domain: str, domain: str) -> SignatureOutcome | None:
    """Return why the key in `record` may not vouch, or None when it may.

    `identity_domain` is the part behind the @ of the signature's i=, which a key can bind to its
    own domain (`t=s`).

    b"v=DKIM1; p=" -> "key_revoked"
    """
    if not record:
        return "key_missing"
    tags = _tags(record)
    if tags is None:
        return "key_unusable"
    flags = _list(tags.get(b"t", b""))
    if b"y" in flags:
        return "key_only_tested"
    if b"s" in flags and identity_domain != domain:
        return "key_unusable"
    if tags.get(b"k", b"rsa") != b"rsa":
        # Ed25519 (RFC 8463) needs a library that is not installed; its users sign with RSA as well.
        return "algorithm_refused"
    if not _is_for_mail(tags):
        return "key_unusable"
    key = BLANKS.sub(b"", tags[b"p"])
    return _judge_rsa(key) if key else "key_revoked"


def _tags(record: bytes) -> dict[bytes, bytes] | None:
    """Return the record's tags, or None when it is no key record."""
    if len(record) > MAX_RECORD_BYTES:
        return None
    try:
        tags: dict[bytes, bytes] = parse_tag_value(record)
    except (InvalidTagValueList, IndexError):
        return None
    if b"p" not in tags or tags.get(b"v", b"DKIM1") != b"DKIM1":
        return None
    # The version stands first where it stands at all (RFC 6376 §3.6.1).
    return tags if b"v" not in tags or next(iter(tags)) == b"v" else None


def _is_for_mail(tags: dict[bytes, bytes]) -> bool:
    # `g=` (RFC 4871 §3.6.1, withdrawn) limits a key to some local parts; only `*`, which limits
    # nothing, is accepted.
    return (
        b"sha256" in _list(tags.get(b"h", b"sha256"))
        and bool({b"*", b"email"} & _list(tags.get(b"s", b"*")))
        and tags.get(b"g", b"*") == b"*"
    )


def _judge_rsa(key: bytes) -> SignatureOutcome | None:
    try:
        public = parse_public_key(base64.b64decode(key, validate=True))
    except (binascii.Error, UnparsableKeyError, LookupError, ValueError, TypeError):
        return "key_unusable"
    bits, exponent = public["modulus"].bit_length(), public["publicExponent"]
    if bits < MIN_KEY_BITS:
        return "key_too_small"
    is_ordinary = bits <= MAX_KEY_BITS and 3 <= exponent < MAX_EXPONENT and exponent % 2
    return None if is_ordinary else "key_unusable"


def _list(value: bytes) -> set[bytes]:
    return {item.strip() for item in value.split(b":")}
