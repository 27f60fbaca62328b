"""Detect which format bytes have, by what is in them alone."""

import re
from dataclasses import dataclass

import magic

from ..html import stored_mails
from ..office import flat_opendocument, ole, packages
from ..office.formulas import in_text
from . import der, leading_data
from .media_types import (
    HELD,
    NOT_PLAIN,
    PICTURES,
    SAME_AS,
    TEXT_KINDS,
)

MAX_SNIFFED_BYTES = 1024 * 1024
MAX_HEAD_BYTES = 1024
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,63}/[a-z0-9!#$&^_.+-]{1,63}")
UNKNOWN = "application/octet-stream"
PDF, TEXT, RTF, MAIL = "application/pdf", "text/plain", "text/rtf", "message/rfc822"

HIDDEN_MARKUP = re.compile(rb"<(?:html|script|svg|!doctype html|\?php|hta:)", re.IGNORECASE)
ARCHIVE_MAGIC = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
MAX_ZIP_COMMENT_BYTES = 65535
TAR_AT, ISO_AT = 257, 0x8001
PGP_SIGNATURE, CMS_SIGNATURE = "application/pgp-signature", "application/pkcs7-signature"
PGP_KEY = "application/pgp-keys"
# RFC 9580 §6.2: nothing but the armour of one signature.
ARMOURED_SIGNATURE = re.compile(
    rb"\s*-----BEGIN PGP SIGNATURE-----[ \t]*\r?\n(?:[A-Za-z-]{1,30}: [^\r\n]*\r?\n)*"
    rb"[A-Za-z0-9+/=\s]*-----END PGP SIGNATURE-----\s*"
)
MAX_SIGNATURE_BYTES = 256 * 1024
# The same of public keys. One that was cut has no end, and is none.
ARMOURED_KEYS = re.compile(
    rb"\s*(?:-----BEGIN PGP PUBLIC KEY BLOCK-----[ \t]*\r?\n(?:[A-Za-z-]{1,30}: [^\r\n]*\r?\n)*"
    rb"[A-Za-z0-9+/=\s]*-----END PGP PUBLIC KEY BLOCK-----\s*)+"
)
# RFC 9580 §5: the tags of a signature, and of what a public key may consist of.
SIGNATURE_TAG, KEY_TAG, TAGS_OF_KEY = 2, 6, frozenset({2, 6, 12, 13, 14, 17, 21})
PACKET_VERSIONS = frozenset({2, 3, 4, 5, 6})
MAX_PACKETS = 10_000
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
PLAIN_DATA = bytes.fromhex("2a864886f70d010701")
SET = 0x31
# RFC 5652 §5.2: the content has a type, and no value.
CONTENT_LEFT_OUT = re.compile(
    rb"0(?:\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
    rb"|\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\x00\x00)"
)
MAX_CMS_HEAD_BYTES = 512
# RFC 5652 §3, RFC 5083: a SEQUENCE that begins with the name of signed or encrypted data.
CMS_MESSAGE = "application/pkcs7-mime"
CMS_START = re.compile(
    rb"0[\x80-\x88].{0,8}?\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x09\x17])",
    re.DOTALL,
)
# [MS-OXORMMS] §2.1.1: a mail that only its reader's account at Microsoft opens.
MICROSOFT_ENCRYPTED = bytes.fromhex("76e80460c411e386")
RPMSG = "application/x-microsoft-rpmsg-message"
CHROME_EXTENSION = b"Cr24"  # before a ZIP
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
MAX_BRANDS_BYTES = 256
# No file of another kind is as short as a letter of one or two characters.
MAX_FEW_BYTES, MAX_ONE_CHARACTER_BYTES = 2, 4
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What libmagic takes a letter for when it begins with «Vänligen», «PASS», «Article» or «P3»: such
# files have bytes that no text has, or nothing in them acts.
GUESSED_FROM_WORDS = (
    "audio/",
    "video/",
    "biosig/",
    "application/vnd.hp-hpgl",
    "message/news",
    "image/x-pgf",
    "image/x-unknown",
    "image/x-portable-",
    # «OTTO» is a name, «AC1015» a number of a letter.
    "application/vnd.ms-opentype",
    "font/",
    "image/vnd.dwg",
)
# Text of ISO-2022 has an escape character, and a form feed begins a page.
IN_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
BLANK_OR_COMMENT = rb"(?:\s|#[^\n]*\n)"
# How pictures begin that may be written in digits (netpbm: PBM, PGM, PPM).
SIZE_IN_DIGITS = re.compile(rb"P[1-7]" + BLANK_OR_COMMENT + rb"+\d+" + BLANK_OR_COMMENT + rb"+\d")
# ISO 32000-2 §7.3.10: all that a PDF shows or does stands in objects.
PDF_OBJECT = re.compile(rb"\dobj|(?<![A-Za-z])obj(?![A-Za-z])|\d\s*obj")


@dataclass(frozen=True)
class Sniffer:
    """Hold the loaded libmagic; loading opens a file, so it happens before a child is forked."""

    library: magic.Magic

    def detect(self, content: bytes) -> str:
        """Return the media type of `content` by what is in it, never by its name.

        Formats that libmagic guesses from a few bytes are decided here where a parser knows better.
        """
        known = _by_first_bytes(content)
        if known is not None:
            return known
        detected = str(self.library.from_buffer(content[:MAX_SNIFFED_BYTES])).lower()
        detected = detected if TYPE.fullmatch(detected) else UNKNOWN
        if _is_only_words(content, detected):
            detected = TEXT
        if SAME_AS.get(detected) in PICTURES:
            return SAME_AS[detected]
        if detected in (PGP_SIGNATURE, CMS_SIGNATURE, PGP_KEY):
            detected = TEXT  # it only begins like a signature, and more stands in it
        if family(detected) == TEXT:
            return in_text.kind_of_text(content) or detected
        return detected


def load_sniffer() -> Sniffer:
    """Load libmagic and its database."""
    return Sniffer(magic.Magic(mime=True))


def held_reason(detected_type: str) -> str:
    """Return the code under which a format is held that nothing here can judge."""
    reasons = (reason for start, reason in HELD if detected_type.startswith(start))
    return next(reasons, "type_not_allowed")


def _added_by_program(content: bytes) -> str:
    """Return the type of a signature or a key that mail programs add, "" for all else."""
    if is_public_key(content):
        return PGP_KEY
    if is_detached_signature(content):
        return CMS_SIGNATURE if content.startswith(b"0") else PGP_SIGNATURE
    return ""


def is_detached_signature(content: bytes) -> bool:
    """Say whether `content` is a signature of another part and nothing beside it.

    In CMS (RFC 5652 §5.1) that is a SignedData whose content is left out and that has a signer;
    one that carries its content is a mail to be opened.
    """
    if len(content) > MAX_SIGNATURE_BYTES:
        return False
    if content.lstrip().startswith(b"-----BEGIN PGP SIGNATURE"):
        return ARMOURED_SIGNATURE.fullmatch(content) is not None
    if set(_packet_tags(content)) == {SIGNATURE_TAG}:
        return True
    if content[:1] != b"0":
        return False
    view = memoryview(content)
    try:
        outer = der.read_value(view, 0, len(view))
        name, body, *others = der.inner_values(view, outer)
        values = list(der.inner_values(view, der.read_value(view, body.start, body.stop)))
        inner = list(der.inner_values(view, values[2]))
    except (der.NotDer, ValueError, IndexError):
        return False
    is_signed = bytes(view[name.start : name.stop]) == SIGNED_DATA
    has_signer = values[-1].tag == SET and values[-1].stop > values[-1].start
    is_alone = not others and not content[outer.end :].strip()
    return is_signed and has_signer and is_alone and len(inner) == 1 and len(values) > 3


def is_public_key(content: bytes) -> bool:
    """Say whether `content` is one or more OpenPGP public keys, and nothing beside them."""
    if len(content) > MAX_SIGNATURE_BYTES:
        return False
    if content.lstrip().startswith(b"-----BEGIN PGP PUBLIC KEY"):
        return ARMOURED_KEYS.fullmatch(content) is not None
    tags = _packet_tags(content)
    return tags[:1] == [KEY_TAG] and TAGS_OF_KEY.issuperset(tags)


def is_called_signature(content: bytes, detected_type: str) -> bool:
    """Say whether what is called a signature can be one that was cut or is of an unknown kind.

    Nothing else knows its bytes, and no other file hides in them.
    """
    is_unknown = detected_type == UNKNOWN or (
        detected_type == CMS_MESSAGE and _is_cut_signature(content)
    )
    is_other = _ends_as_zip(content) or ARCHIVE_MAGIC.search(content) or b"%PDF-" in content
    return is_unknown and len(content) <= MAX_SIGNATURE_BYTES and not is_other


def _is_cut_signature(content: bytes) -> bool:
    """Say whether signed data whose content is left out ends before the length that it names.

    What ends before it names a content can hold no letter, whatever else is wrong with it.
    """
    head = content[:MAX_CMS_HEAD_BYTES]
    if PLAIN_DATA not in head:
        return SIGNED_DATA in head and len(content) <= MAX_CMS_HEAD_BYTES
    view = memoryview(content)
    try:
        der.read_value(view, 0, len(view))
    except der.NotDer:
        return SIGNED_DATA in head and CONTENT_LEFT_OUT.search(head) is not None
    return False


def _packet_tags(content: bytes) -> list[int]:
    """Return the tags of OpenPGP packets (RFC 9580 §4.2) that fill the bytes, [] for others.

    The keys and signatures among them must name a version that exists.
    """
    tags: list[int] = []
    position = 0
    while position < len(content):
        packet = _packet_at(content, position)
        if packet is None or len(tags) == MAX_PACKETS:
            return []
        tag, start, position = packet
        has_version = tag in (SIGNATURE_TAG, KEY_TAG, 14)
        if position > len(content) or (has_version and content[start] not in PACKET_VERSIONS):
            return []
        tags.append(tag)
    return tags


def _packet_at(content: bytes, at: int) -> tuple[int, int, int] | None:
    """Return the tag of one packet, where its body begins, and where the next one does."""
    first, rest = content[at], content[at + 1 : at + 6]
    if not first & 0x80 or not rest:
        return None
    if not first & 0x40:
        width = 1 << (first & 3)
        if width == 8 or len(rest) < width:
            return None
        size, tag = int.from_bytes(rest[:width], "big"), (first >> 2) & 0x0F
    elif rest[0] < 192:
        width, size, tag = 1, rest[0], first & 0x3F
    elif rest[0] < 224 and len(rest) > 1:
        width, size, tag = 2, ((rest[0] - 192) << 8) + rest[1] + 192, first & 0x3F
    elif rest[0] == 255 and len(rest) == 5:
        width, size, tag = 5, int.from_bytes(rest[1:], "big"), first & 0x3F
    else:
        return None
    start = at + 1 + width
    return (tag, start, start + size) if size else None


def is_polyglot(detected_type: str, content: bytes) -> bool:
    """Say whether `content` is also a file of a second format.

    Readers find a PDF by its header anywhere in the first KiB and a ZIP by the record at its end,
    so one file can be both; pictures carry markup in comments and archives behind their end.
    """
    head = content[:MAX_HEAD_BYTES]
    is_pdf = detected_type == PDF and leading_data.pdf_start(content) is not None
    # A letter that names the format, as one about a damaged file does, is a letter.
    is_only_named = detected_type == TEXT and PDF_OBJECT.search(content) is None
    if b"%PDF-" in head and not (is_pdf or is_only_named):
        return not leading_data.is_pdf_of_an_archive(head, detected_type)
    if content.startswith(ole.MAGIC):
        return len(ole.kinds_of(content)) > 1  # drawings in old files end as a ZIP does
    is_one_kind = detected_type in PICTURES or detected_type in (PDF, TEXT, RTF)
    if not is_one_kind:
        return False
    if _ends_as_zip(content) or ARCHIVE_MAGIC.search(content):
        return True
    if content[TAR_AT : TAR_AT + 5] == b"ustar" or content[ISO_AT : ISO_AT + 5] == b"CD001":
        return True
    return detected_type in (*PICTURES, PDF) and HIDDEN_MARKUP.search(head) is not None


def family(media_type: str) -> str:
    """Return the one name for every spelling and harmless variant of a media type."""
    media_type = SAME_AS.get(media_type, media_type)
    if media_type in TEXT_KINDS or (media_type.startswith("text/") and media_type not in NOT_PLAIN):
        return TEXT
    return media_type


def _by_first_bytes(content: bytes) -> str | None:
    """Return what begins as only one kind does, None where libmagic has to say."""
    if _is_few_characters(content):
        return TEXT
    if leading_data.pdf_start(content) is not None:
        return PDF
    if stored_mails.start_of(content) is not None:
        return MAIL
    if content.startswith(b"PK\x03\x04"):
        return packages.kind_of(content) or "application/zip"
    if content.startswith(CHROME_EXTENSION):
        return "application/x-chrome-extension"
    if content.startswith(MICROSOFT_ENCRYPTED):
        return RPMSG
    added = _added_by_program(content)
    if added:
        return added
    if CMS_START.match(content):
        return CMS_MESSAGE
    if content.startswith(ole.MAGIC):
        return _compound_kind(content)
    if content[:16].lstrip().startswith(b"{\\rt"):
        return RTF
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS | AVIF_BRANDS:
        return _boxed_kind(content)
    return flat_opendocument.kind_of(content)


def _is_only_words(content: bytes, detected: str) -> bool:
    """Say whether libmagic took the first letters of a text for those of another format."""
    return (
        detected.startswith(GUESSED_FROM_WORDS)
        and SIZE_IN_DIGITS.match(content) is None
        and IN_NO_TEXT.search(content) is None
    )


def _is_few_characters(content: bytes) -> bool:
    """Say whether so little is there that it can only be text, which libmagic does not guess."""
    if len(content) > MAX_ONE_CHARACTER_BYTES or CONTROL.search(content):
        return False
    if len(content) <= MAX_FEW_BYTES:
        return True
    try:
        return bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _compound_kind(content: bytes) -> str:
    kinds = sorted(ole.kinds_of(content))
    return kinds[0] if kinds else ole.OTHER


def _boxed_kind(content: bytes) -> str:
    """Return which of two kinds a picture in boxes is (ISO/IEC 23008-12 §10, AV1 in HEIF §6).

    The general brands say only that it is a picture, so the compatible ones decide.
    """
    size = min(int.from_bytes(content[:4], "big"), MAX_BRANDS_BYTES)
    brands = {content[at : at + 4] for at in (8, *range(16, size, 4))}
    return "image/avif" if brands & AVIF_BRANDS else "image/heic"


def _ends_as_zip(content: bytes) -> bool:
    """Say whether a ZIP's end record stands near the end.

    Programs forgive further bytes behind its comment, so the comment may be shorter than the rest.
    """
    tail = content[-(ZIP_END_BYTES + MAX_ZIP_COMMENT_BYTES) :]
    at = tail.rfind(ZIP_END)
    if at < 0 or at + ZIP_END_BYTES > len(tail):
        return False
    comment_bytes = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + ZIP_END_BYTES + comment_bytes <= len(tail)
