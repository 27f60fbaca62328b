"""Say where a PDF begins, and whether what stands before it is what everyday programs put there.

Readers look for a PDF's header in the first KiB (ISO 32000-1 appendix H, note 13), so a file of
another kind can stand before it. What is allowed here begins no other kind of file: blank lines, a
byte order mark, the head of an answer by HTTP that was saved with it, what a Mac wrote, a printer's
orders (PJL), or a few plain words.
"""

import re

from .media_types import ZIP

MAX_LEAD_BYTES = 1024
PDF_START = b"%PDF-"
BLANK = re.compile(rb"(?:\xef\xbb\xbf)?\s*")
# Some programs write the line end as two letters: "Content-length: 12\n%PDF-1.7" with a backslash.
LINE_END = rb"(?:\r?\n|\\r\\n|\\n)"
# RFC 9110 §18.4 and what servers add. Any other name could be the first bytes of a format: `BM:`.
HTTP_FIELD = (
    rb"(?:content-[a-z0-9-]{1,38}"
    rb"|date|server|accept-ranges|age|allow|cache-control|connection|etag|expires|last-modified"
    rb"|location|pragma|vary|via|set-cookie|transfer-encoding|keep-alive|link|retry-after|warning"
    rb"|strict-transport-security|access-control-[a-z-]{1,30}|referrer-policy|p3p|x-[a-z0-9-]{1,38})"
)
HTTP_HEAD = re.compile(
    rb"\s*(?:HTTP/[0-9.]{1,3} [0-9]{3}[ -~]{0,80}?" + LINE_END + rb")?"
    rb"(?:" + HTTP_FIELD + rb":[\t -\[\]-~]{0,300}" + LINE_END + rb"){0,40}\s*",
    re.IGNORECASE,
)
# Hewlett-Packard, Printer Job Language Technical Reference: the escape that begins a job, which
# some programs leave out, and orders of one line each. The language that they enter can be none
# but PDF.
PJL_HEAD = re.compile(
    rb"(?:\x1b%-12345X)*"
    rb"(?:@PJL(?![ \t]*ENTER[ \t]+LANGUAGE[ \t]*=(?![ \t]*PDF\b))[\t -~]{0,200}\r?\n){0,40}\s*",
    re.IGNORECASE,
)
# With one of these a program would take the head for that of a mail or of one of its parts.
NO_HTTP = re.compile(
    rb"(?:^|\n)[ \t]*(?:from|to|cc|subject|received|return-path|message-id|mime-version"
    rb"|delivered-to|reply-to|dkim-signature|content-transfer-encoding)[ \t]*:"
    rb"|content-type[ \t]*:(?!\s*application/(?:x-)?(?:pdf|octet-stream))|boundary",
    re.IGNORECASE,
)
# Lines of words that a gateway or a program wrote. Each word is of letters as in a sentence, and
# there are two at least: no format begins so but the few that are named, and no script does
# anything by it.
FIRST_WORD, WORD = rb"[A-Za-z][a-z]{2,30}", rb"[A-Za-z][a-z]{0,30}"
WORDS_HEAD = re.compile(
    rb"(?!(?i:from|begin|solid|end|rem|echo)\b)"
    rb"(?:%s(?: %s){1,30}[.:]?[ \t]{0,9}(?:\r?\n){1,9}){1,8}" % (FIRST_WORD, WORD)
)
# MacBinary II: 128 bytes with the length of the name, the type of the file, and zeros in three
# places. Older programs kept only type and creator, as in "TEXTmdos".
MAC_HEADER_BYTES, MAC_TYPE_AT = 128, 65
MAC_TYPES = (b"PDF ", b"TEXT")
MAC_MARK = re.compile(rb"(?:PDF |TEXT)[ -~]{4}[\x00-\x20]{0,8}")

# A member of a ZIP that is stored and not packed, and the only member of a tar that is near enough.
ZIP_STORED = re.compile(rb"PK\x03\x04.{4}\0\0.{20}", re.DOTALL)
TAR, TAR_BLOCK = "application/x-tar", 512


def pdf_start(content: bytes) -> int | None:
    """Return where the PDF in `content` begins, None when it begins with something else.

    >>> pdf_start(b"\\xef\\xbb\\xbf%PDF-1.7"), pdf_start(b"GIF89a%PDF-1.7")
    (3, None)
    """
    at = content.find(PDF_START, 0, MAX_LEAD_BYTES + len(PDF_START))
    if at < 0:
        return None
    lead = content[:at]
    is_known = any(known.fullmatch(lead) for known in (BLANK, MAC_MARK, PJL_HEAD, WORDS_HEAD))
    return at if is_known or _is_http_head(lead) or _is_mac_header(lead) else None


def is_blank(lead: bytes) -> bool:
    """Say whether nothing but blanks and a byte order mark stands there."""
    return BLANK.fullmatch(lead) is not None


def _is_http_head(lead: bytes) -> bool:
    lines = lead.replace(b"\\n", b"\n")
    return NO_HTTP.search(lines) is None and HTTP_HEAD.fullmatch(lead) is not None


def _is_mac_header(lead: bytes) -> bool:
    if len(lead) != MAC_HEADER_BYTES or lead[0] or lead[74] or lead[82]:
        return False
    return 1 <= lead[1] <= 63 and lead[MAC_TYPE_AT : MAC_TYPE_AT + 4] in MAC_TYPES


def is_pdf_of_an_archive(head: bytes, detected_type: str) -> bool:
    """Say whether each PDF that begins in the head of an archive is a member stored as it is.

    Such a member is opened and judged by itself. Anywhere else, as in a name, the file is two.
    """
    if detected_type == ZIP:
        allowed = {match.end() + _zip_name_bytes(match[0]) for match in ZIP_STORED.finditer(head)}
    else:
        allowed = {TAR_BLOCK} if detected_type == TAR else set()
    return {match.start() for match in re.finditer(re.escape(PDF_START), head)} <= allowed


def _zip_name_bytes(header: bytes) -> int:
    """Return how long the name and the extra fields behind a local header are (APPNOTE 4.3.7)."""
    return int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
