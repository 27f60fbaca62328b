"""List the signs that the opening of a mail notes, and which of them hold something.

Only the opening writes a code that begins with AMBIGUOUS; what is noted about a submission later,
and advice of any sort, begins otherwise. So what is held for a second reading stays what the first
inspection found, however often the same bytes are scanned (threat B1).
"""

from collections.abc import Iterable

AMBIGUOUS = "ambiguous:"
# The words of a file stand in the text of its mail, which has none of its own.
IN_BODY = "in_body"
# Pictures are written into a page of the letter; they become documents when it is inspected.
HAS_PICTURES = "has_pictures"
# A calendar entry stands for the letter, or beside it as another form, as calendar programs write.
# One that a person attaches to a letter of their own is a file.
CALENDAR_FORM = "calendar_form"

# Two programs would take the message apart differently: every part of it is held.
OF_THE_MESSAGE = frozenset(
    {
        "bare_cr", "line_without_colon", "nul", "space_before_colon",
        "duplicate_content_type", "duplicate_disposition", "duplicate_encoding",
        "duplicate_mime_version",
        "duplicate_boundary", "encoded_boundary", "missing_boundary", "too_many_parameters",
        "boundary_not_seen", "boundary_repeated", "boundary_reused", "boundary_with_junk",
        "preamble", "epilogue",
    }
)  # fmt: skip
# Two programs would read one part differently: it is held with what is in it, and no other part.
# In the header of a multipart these are signs of the whole message.
OF_A_PART = frozenset(
    {
        "base64_characters", "base64_length", "base64_padding", "encoded_container",
        "external_body", "message_partial", "names_disagree", "odd_encoding", "unknown_encoding",
        "uuencoded", "yenc",
    }
)  # fmt: skip
# Advice: a person reads it, and nothing is held for it.
ADVICE = frozenset(
    {
        "body_truncated", "boundary_not_closed", "encoded_message", "misnamed_encoding",
        "name_reversed", "repeated_header",
        "text_after_parts", "text_before_parts", "unknown_charset", "words_below_code",
        "wrong_charset",
    }
)  # fmt: skip
# A message that passed one of these limits stays one document, which is held for that by itself.
LIMITS = frozenset({"header_too_large", "too_deep", "too_many_parts"})

# What came of checking the signature that stands beside a signed part (RFC 1847 §2.1); noted about
# the signature's own part. It is for a person to read: it holds nothing and clears nothing.
SIGNATURE_FITS, SIGNATURE_DIFFERS = "signature_fits", "signature_differs"
SIGNATURE_NOT_CHECKED = "signature_not_checked"
OF_A_SIGNATURE = frozenset({SIGNATURE_FITS, SIGNATURE_DIFFERS, SIGNATURE_NOT_CHECKED})
# What the opening of a text notes: the files that came out are written out in it, as its letters.
WRITTEN_OUT = "written_out"
# What the opening of a container notes: what came out of it was encrypted there, and by which
# password an office file opened that has no other.
DECRYPTED, STANDARD_PASSWORD = "decrypted", "office_standard_password"
# What the opening notes about a part is among its findings, for a person to read.
NOTED_OF_A_PART = OF_A_SIGNATURE | {STANDARD_PASSWORD}
# The kinds of such a signature (RFC 8551 §3.5.3.2, RFC 3156 §5).
PGP_SIGNATURE = "application/pgp-signature"
SIGNATURE_TYPES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", PGP_SIGNATURE}
)
# Such a file that was sent without a type: how its name ends, and how its bytes may begin.
NAMED_SIGNATURES = {
    ".p7s": (b"0",),
    ".sig": (b"-----BEGIN PGP SIG", b"0", b"\x88", b"\x89", b"\xc2"),
    ".asc": (b"-----BEGIN PGP SIG",),
}
# RFC 3156 §7, RFC 9580 §6.2: keys that mail programs send along, as they do signatures.
PGP_KEYS, ARMOURED_KEY = "application/pgp-keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
TYPELESS = frozenset({"", "application/octet-stream"})


def is_sent_as_signature(claimed_type: str, claimed_name: str, content: bytes) -> bool:
    """Say whether a part is a signature that a mail program added, by its type or by its name.

    >>> is_sent_as_signature("application/octet-stream", "smime.p7s", b"%PDF-1.7")
    False
    """
    if claimed_type in SIGNATURE_TYPES:
        return True
    starts = NAMED_SIGNATURES.get(claimed_name[-4:].lower())
    return claimed_type in TYPELESS and starts is not None and content.startswith(starts)


def is_sent_as_key(claimed_type: str, content: bytes) -> bool:
    """Say whether a part is a public key that a mail program added.

    >>> is_sent_as_key("application/pgp-keys", b""), is_sent_as_key("text/plain", b"Hej")
    (True, False)
    """
    return claimed_type == PGP_KEYS or content.startswith(ARMOURED_KEY)


def code_of(sign: str) -> str:
    """Return the code under which a sign is noted.

    >>> code_of("boundary_reused"), code_of("text_after_parts")
    ('ambiguous:boundary_reused', 'text_after_parts')
    """
    return sign if sign in ADVICE else AMBIGUOUS + sign


def is_ambiguous(codes: Iterable[str]) -> bool:
    """Say whether the opening found a second reading of what carries these codes.

    >>> is_ambiguous(["not_read", "wrong_door:asylum", "unknown_charset"])
    False
    """
    return any(code.startswith(AMBIGUOUS) for code in codes)
