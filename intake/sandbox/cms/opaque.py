"""Take the content out of a signature that stands around it (RFC 5652 §5.1, §5.2).

What is left is a signature of content that lies elsewhere, and is read and limited as one:

    SignedData { version, digests, { data, [0] content }, … } -> the same with { data }
"""

from collections.abc import Sequence

from ..formats import der

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
EXPLICIT = 0xA0


def without_content(
    view: memoryview, signed: der.DerValue, values: Sequence[der.DerValue], kind: der.DerValue
) -> bytes:
    """Return the signature without its content.

    `values` are those in `signed`, in order, of which the third is the content with its `kind`.
    """
    _, digests, around, *_ = values
    only_kind = der.written(der.SEQUENCE, bytes(view[around.start : kind.end]))
    before, after = view[signed.start : digests.end], view[around.end : signed.stop]
    left = der.written(der.SEQUENCE, b"".join((before, only_kind, after)))
    return der.written(der.SEQUENCE, SIGNED_DATA + der.written(EXPLICIT, left))
