"""Recognise a page that was saved as one file (MHTML, RFC 2557): a mail of a page and its pictures.

Word, Confluence and browsers write it with fields of their own first, and call it `.doc`, `.mht` or
`.mhtml`.
"""

import re

MAX_LEAD_BYTES, MAX_HEAD_BYTES = 1024, 16 * 1024
LEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*+")
FIELD = re.compile(rb"[!-9;-~]{1,76}:")
PARTS_OF_A_PAGE = re.compile(
    rb"^content-type[ \t]*:\s*multipart/related[\s;]", re.IGNORECASE | re.MULTILINE
)


def start_of(content: bytes) -> int | None:
    """Return where the head of a saved page begins behind blanks, None when it is no such file.

    >>> start_of(b"\\n\\nMIME-Version: 1.0\\nContent-Type: multipart/related; boundary=b\\n\\n--b")
    2
    """
    lead = LEAD.match(content[:MAX_LEAD_BYTES])
    at = lead.end() if lead else 0
    head = content[at : at + MAX_HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    first, *others = head.split(b"\n")
    is_head = FIELD.match(first) is not None and all(
        line[:1].isspace() or FIELD.match(line) for line in others
    )
    return at if is_head and PARTS_OF_A_PAGE.search(head + b"\n") else None
