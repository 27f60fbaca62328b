"""Recognise a mail that was stored as a file by its header block, and a box of such mails.

Mail programs write any field first (`ARC-Seal`, `Thread-Topic`), a mbox and some programs a line
`From ` before it. A page that was saved as one file (MHTML, RFC 2557) is a mail in all but its
name: browsers, Word and Confluence call it `.mht`, `.mhtml` or `.doc`.
"""

import re

MAX_LEAD_BYTES, MAX_HEAD_BYTES = 1024, 256 * 1024
LEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:>?From [^\r\n]{1,998}\r?\n)?")
FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
# The fields of RFC 5322, of MIME and of what mail programs and servers add (RFC 4021 and others).
CORE = frozenset(
    {
        b"from", b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"received",
        b"return-path", b"mime-version", b"delivered-to", b"reply-to", b"sender", b"in-reply-to",
        b"references", b"content-type", b"content-transfer-encoding", b"dkim-signature",
        b"authentication-results", b"received-spf", b"thread-topic", b"thread-index",
    }
)  # fmt: skip
OTHERS = frozenset(
    {
        b"user-agent", b"importance", b"sensitivity", b"accept-language", b"auto-submitted",
        b"precedence", b"errors-to", b"envelope-to", b"delivery-date", b"organization",
        b"return-receipt-to", b"disposition-notification-to", b"domainkey-signature", b"autocrypt",
        b"feedback-id", b"keywords", b"comments", b"newsgroups", b"reply-by", b"expires",
        b"snapshot-content-location", b"apparently-to", b"original-message-id", b"status",
    }
)  # fmt: skip
# RFC 3834, RFC 8617, RFC 2369, RFC 5322 §3.6.6, RFC 2045 §9 and what stands outside the standards.
FAMILIES = (b"x-", b"arc-", b"list-", b"resent-", b"content-", b"authentication-")
MIN_FIELDS = 3
# Without these a part of a mail alone would not be told from a list of words and values.
KIND_OF_CONTENT = re.compile(
    rb"^content-type[ \t]*:(?:[ \t]|\r?\n[ \t])*[a-z]{1,20}/[a-z0-9.+-]{1,100}[ \t]*(?:;|\r?\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
ENCODED = re.compile(
    rb"^content-transfer-encoding[ \t]*:[ \t]*(?:base64|quoted-printable|x-uue)",
    re.IGNORECASE | re.MULTILINE,
)
BOUNDARY = re.compile(rb"^--[!-~][^\r\n]{0,80}\r?\n[!-9;-~]{1,76}:", re.MULTILINE)
PART_FIELD = re.compile(
    rb"^content-(?:type|disposition|transfer-encoding)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
# RFC 4155: the line before each mail of a box says from whom and when.
OF_BOX = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,200}?\d\d:\d\d[^\r\n]{0,100}\r?\n"
    rb"(?=[!-9;-~]{1,76}:)"
)


def start_of(content: bytes) -> int | None:
    """Return where the head of a stored mail begins, None when it is no mail.

    >>> start_of(b"\\n\\nMIME-Version: 1.0\\nContent-Type: multipart/related; boundary=b\\n\\n--b")
    2
    >>> start_of(b"From - Sun Nov 29 20:00:00 2026\\nImportance: high\\nFrom: a\\nTo: b\\n\\n")
    32
    """
    lead = LEAD.match(content[:MAX_LEAD_BYTES])
    at = lead.end() if lead else 0
    head = _head(content[at : at + MAX_HEAD_BYTES])
    if not head:
        return None
    names = [match[1].lower() for line in head if (match := FIELD.match(line))]
    known = [name for name in names if name in CORE | OTHERS or name.startswith(FAMILIES)]
    is_mail = len(known) >= MIN_FIELDS and not CORE.isdisjoint(known)
    is_part = KIND_OF_CONTENT.search(b"\n".join(head)) is not None
    return at if is_mail or is_part else None


def mails_of_box(content: bytes) -> list[bytes]:
    """Return the mails of a mbox (RFC 4155) that holds more than one, [] for everything else."""
    starts = [match.start() for match in OF_BOX.finditer(content)]
    if len(starts) < 2 or content[: starts[0]].strip(b"\xef\xbb\xbf\r\n\t "):
        return []
    return [content[at:end] for at, end in zip(starts, [*starts[1:], len(content)], strict=True)]


def holds_parts(content: bytes) -> bool:
    """Say whether parts of a mail stand somewhere in a text, as a mail program writes them."""
    if ENCODED.search(content):
        return True
    return PART_FIELD.search(content) is not None and BOUNDARY.search(content) is not None


def _head(content: bytes) -> list[bytes]:
    """Return the lines of fields at the beginning, up to the first line that is part of none."""
    lines: list[bytes] = []
    if not FIELD.match(content):
        return lines
    for line in content.replace(b"\r\n", b"\n").split(b"\n"):
        if not (FIELD.match(line) or (lines and line[:1] in (b" ", b"\t"))):
            break
        lines.append(line)
    return lines
