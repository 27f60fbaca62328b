"""Know which kind of file bytes are, and whether their name and claim agree with them.

Runs inside the jail; imports libmagic's binding and the standard library.
"""

import re
from dataclasses import dataclass

import magic

MAX_SNIFFED_BYTES = 1024 * 1024
MAX_HEAD_BYTES = 1024
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,63}/[a-z0-9!#$&^_.+-]{1,63}")
UNKNOWN = "application/octet-stream"
NO_CLAIM = frozenset(
    {"", UNKNOWN, "binary/octet-stream", "application/download", "application/x-download"}
)

PDF = "application/pdf"
TEXT = "text/plain"
PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/webp", "image/gif"})

# Other spellings of a kind that mean the same file to everyone.
SAME_AS = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/tif": "image/tiff",
    "application/x-pdf": PDF,
    "application/x-zip-compressed": "application/zip",
    "application/x-zip": "application/zip",
    "text/xml": "application/xml",
    "application/rtf": "text/rtf",
    "message/delivery-status": TEXT,
    "message/disposition-notification": TEXT,
}
MARKUP = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "application/xml"})
# Text that a program may run; everything else under text/ is read as plain text.
NOT_PLAIN = MARKUP | {"text/rtf", "text/javascript", "text/vbscript", "text/calendar"}

EXTENSIONS = {
    "pdf": PDF,
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
    "png": "image/png",
    **dict.fromkeys(("tif", "tiff"), "image/tiff"),
    "webp": "image/webp",
    "gif": "image/gif",
    **dict.fromkeys(("txt", "text", "log", "csv", "md", "asc"), TEXT),
    **dict.fromkeys(("htm", "html", "xhtml"), "text/html"),
    "svg": "image/svg+xml",
    "xml": "application/xml",
    "zip": "application/zip",
    "7z": "application/x-7z-compressed",
    "rtf": "text/rtf",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    **dict.fromkeys(("heic", "heif"), "image/heic"),
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# A dot is not always an extension: "Scan 2026.03.12", "v1.final version".
EXTENSION = re.compile(r"\.(?=[a-z0-9]*[a-z])([a-z0-9]{1,5})\s*$", re.IGNORECASE)

# What is held for now, and under which code, by the beginning of the type.
HELD = (
    ("text/html", "html_not_shown"),
    ("application/xhtml", "html_not_shown"),
    ("image/svg", "svg_not_shown"),
    ("application/xml", "xml_not_shown"),
    ("text/xml", "xml_not_shown"),
    ("application/zip", "archive_not_opened"),
    ("application/x-7z", "archive_not_opened"),
    ("application/x-rar", "archive_not_opened"),
    ("application/vnd.rar", "archive_not_opened"),
    ("application/gzip", "archive_not_opened"),
    ("application/x-tar", "archive_not_opened"),
    ("application/x-bzip2", "archive_not_opened"),
    ("application/x-xz", "archive_not_opened"),
    ("application/vnd.ms-tnef", "archive_not_opened"),
    ("application/vnd.ms-outlook", "mail_not_opened"),
    ("message/rfc822", "mail_not_opened"),
    ("application/vnd.openxmlformats-", "office_not_opened"),
    ("application/vnd.oasis.opendocument.", "office_not_opened"),
    ("application/vnd.ms-word", "office_not_opened"),
    ("application/vnd.ms-excel", "office_not_opened"),
    ("application/vnd.ms-powerpoint", "office_not_opened"),
    ("application/encrypted", "office_not_opened"),
    ("application/msword", "office_not_opened"),
    ("application/x-ole-storage", "office_not_opened"),
    ("application/cdfv2", "office_not_opened"),
    ("text/rtf", "office_not_opened"),
    ("application/rtf", "office_not_opened"),
    ("image/heic", "heic_not_opened"),
    ("image/heif", "heic_not_opened"),
)

HIDDEN_MARKUP = re.compile(rb"<(?:html|script|svg|!doctype html|\?php)", re.IGNORECASE)
ARCHIVE_MAGIC = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
MAX_ZIP_COMMENT_BYTES = 65535


@dataclass(frozen=True)
class Sniffer:
    """Hold the loaded libmagic; loading it opens a file, so a child gets it ready."""

    library: magic.Magic

    def detect(self, content: bytes) -> str:
        """Return the media type of `content` by what is in it, never by its name."""
        detected = str(self.library.from_buffer(content[:MAX_SNIFFED_BYTES])).lower()
        if content[:MAX_HEAD_BYTES].lstrip().startswith(b"%PDF-"):
            return PDF
        return detected if TYPE.fullmatch(detected) else UNKNOWN


def load_sniffer() -> Sniffer:
    """Load libmagic and its database."""
    return Sniffer(magic.Magic(mime=True))


def held_reason(detected_type: str) -> str:
    """Return the code under which a kind is held that nothing here can judge."""
    reasons = (reason for start, reason in HELD if detected_type.startswith(start))
    return next(reasons, "type_not_allowed")


def disagrees(detected_type: str, claimed_type: str, claimed_name: str) -> bool:
    """Say whether the claimed type or the extension names another kind than the content is.

    A type that says nothing is no claim as long as the extension agrees or is missing.
    """
    detected = _family(detected_type)
    claim = claimed_type.partition(";")[0].strip().lower()
    extension = EXTENSION.search(claimed_name)
    if claim not in NO_CLAIM and _family(claim) != detected:
        return True
    if extension is None:
        return False
    named = EXTENSIONS.get(extension[1].lower())
    if named is None:
        return claim in NO_CLAIM
    return _family(named) != detected


def is_polyglot(detected_type: str, content: bytes) -> bool:
    """Say whether `content` is also a file of a second kind.

    Readers find a PDF by its header anywhere in the first KiB and a ZIP by the record at its end,
    so one file can be both; pictures carry markup in comments and archives behind their end.
    """
    head = content[:MAX_HEAD_BYTES]
    if b"%PDF-" in head and not (detected_type == PDF and head.startswith(b"%PDF-")):
        return True
    if detected_type not in PICTURES and detected_type not in (PDF, TEXT):
        return False
    if _ends_as_zip(content):
        return True
    if detected_type in PICTURES and HIDDEN_MARKUP.search(head):
        return True
    return ARCHIVE_MAGIC.search(content) is not None


def _ends_as_zip(content: bytes) -> bool:
    """Look for the end record, which only a comment of the stated length may follow.

    Programs forgive other bytes behind the comment, so it may also be shorter than the rest.
    """
    tail = content[-(ZIP_END_BYTES + MAX_ZIP_COMMENT_BYTES) :]
    at = tail.rfind(ZIP_END)
    if at < 0 or at + ZIP_END_BYTES > len(tail):
        return False
    comment_bytes = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + ZIP_END_BYTES + comment_bytes <= len(tail)


def _family(media_type: str) -> str:
    media_type = SAME_AS.get(media_type, media_type)
    if media_type.startswith("text/") and media_type not in NOT_PLAIN:
        return TEXT
    return media_type
