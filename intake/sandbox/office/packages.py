"""Open an office file that is a ZIP, and tell its media type from what it holds.

Limits are checked from the directory before anything is unpacked, and the library gives no member
more bytes than the directory said.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from . import xml_parts

MAX_MEMBERS = 5000
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_RATIO = 200
# Small members of one repeated byte compress further and cost nothing.
MIN_RATIO_BYTES = 4 * 1024 * 1024
IS_ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip

END, END_BYTES = b"PK\x05\x06", 22
CONTENT_TYPES = "[Content_Types].xml"
ODF = "application/vnd.oasis.opendocument"
# The ending by which OpenDocument programs call a file that is one XML file and no ZIP.
FLAT = "-flat-xml"
ODF_TYPE = re.compile(re.escape(ODF) + r"\.[a-z-]{1,40}")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml"
# The main part's content type without "main+xml", to the media type of the file.
MAIN_PARTS = {
    f"{WORD}.document.": f"{WORD}.document",
    f"{WORD}.template.": f"{WORD}.template",
    f"{EXCEL}.sheet.": f"{EXCEL}.sheet",
    f"{EXCEL}.template.": f"{EXCEL}.template",
    f"{SLIDES}.presentation.": f"{SLIDES}.presentation",
    f"{SLIDES}.slideshow.": f"{SLIDES}.slideshow",
    f"{SLIDES}.template.": f"{SLIDES}.template",
    **{
        f"application/vnd.{kind.lower()}.": f"application/vnd.{kind.lower()}.12"
        for kind in (
            "ms-word.document.macroEnabled", "ms-word.template.macroEnabled",
            "ms-word.template.macroEnabledTemplate",
            "ms-excel.sheet.macroEnabled", "ms-excel.template.macroEnabled",
            "ms-excel.addin.macroEnabled", "ms-excel.sheet.binary.macroEnabled",
            "ms-powerpoint.presentation.macroEnabled", "ms-powerpoint.slideshow.macroEnabled",
            "ms-powerpoint.template.macroEnabled", "ms-powerpoint.addin.macroEnabled",
        )
    },
    "application/vnd.ms-package.xps-fixeddocumentsequence+xml": "application/vnd.ms-xpsdocument",
}  # fmt: skip
# Pages, Numbers and Keynote: one member that only they write. Which of them wrote it, only the name
# of the file says.
APPLE = "application/x-iwork"
APPLE_PARTS = frozenset({"Index/Document.iwa", "Index.zip", "index.apxl", "index.apxl.gz"})
# Packages that Windows installs: one member names what they are.
APPX = "application/vnd.ms-appx"
APPX_PARTS = frozenset({"AppxManifest.xml", "AppxMetadata/AppxBundleManifest.xml"})
# What Mozilla's programs install is signed so.
XPI, XPI_PARTS = "application/x-xpinstall", frozenset({"META-INF/mozilla.rsa", "install.rdf"})
SAME_KIND = {
    "application/vnd.ms-word.template.macroenabledtemplate.12": (
        "application/vnd.ms-word.template.macroenabled.12"
    )
}


class Refused(Exception):
    """The package is not to be judged; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_package(content: bytes) -> zipfile.ZipFile:
    """Return the opened package; raise Refused, or one of BROKEN when it is no ZIP.

    Reasons: `password_needed`, `office_too_large_to_judge`, `office_malformed`.
    """
    package = zipfile.ZipFile(io.BytesIO(content))
    members = package.infolist()
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_TOTAL_BYTES:
        raise Refused("office_too_large_to_judge")
    # Readers differ in which of two members of one name they take, and in the case of letters.
    names = {one.filename.lower().lstrip("/") for one in members}
    if len(names) != len(members):
        raise Refused("office_malformed")
    for member in members:
        if member.flag_bits & IS_ENCRYPTED:
            raise Refused("password_needed")
        if member.compress_type not in METHODS:
            raise Refused("office_malformed")
        if member.file_size > MAX_MEMBER_BYTES or _is_bomb(member):
            raise Refused("office_too_large_to_judge")
    return package


def kind_of(content: bytes) -> str | None:
    """Return the media type of an office file by what it holds, or None when it is another ZIP.

    Only the two members that name the type are read, so a locked member does not matter here.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if APPX_PARTS.intersection(names):
                return APPX
            if XPI_PARTS.intersection(names):
                return XPI
            if "mimetype" in names:
                return _odf_kind(package)
            if CONTENT_TYPES in names:
                return _ooxml_kind(package)
            if APPLE_PARTS.intersection(names):
                return APPLE
            return "application/java-archive" if "META-INF/MANIFEST.MF" in names else None
    except BROKEN:
        return None


def content_types(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the content type by part name in lower case, `*.ext` for defaults.

    Raises the errors of `xml_parts.walk`, and Refused when the part is too large.
    """
    found: dict[str, str] = {}

    def on_start(_name: str, attributes: Mapping[str, str]) -> None:
        part = attributes.get("PartName") or "*." + attributes.get("Extension", "")
        found[part.lower()] = attributes.get("ContentType", "").lower()

    xml_parts.walk(_read_small(package, CONTENT_TYPES), on_start)
    return found


def has_neighbours(content: bytes) -> bool:
    """Say whether something stands before the first member or behind the record at the end.

    Programs look for a ZIP from its end and for other formats from their beginning, so one file can
    be both. Office programs write nothing there, not even a comment.
    """
    if not content.startswith((b"PK\x03\x04", END)):
        return True
    at = content.rfind(END)
    return bool(content[at + END_BYTES :].strip(b"\0\r\n ")) if at >= 0 else False


def _odf_kind(package: zipfile.ZipFile) -> str:
    written = _read_small(package, "mimetype").decode("latin-1").strip().lower()
    if ODF_TYPE.fullmatch(written):
        return written
    return "application/epub+zip" if written == "application/epub+zip" else "application/zip"


def _ooxml_kind(package: zipfile.ZipFile) -> str:
    """Return the media type whose main part is there; two of them make the type unknown."""
    try:
        types = content_types(package)
    except (xml_parts.NotXml, xml_parts.EntitiesDeclared):
        return "application/vnd.openxmlformats-package.unknown"
    kinds = set()
    for written in types.values():
        kind = MAIN_PARTS.get(written.removesuffix("main+xml").removesuffix("main"))
        if kind:
            kinds.add(SAME_KIND.get(kind, kind))
    return kinds.pop() if len(kinds) == 1 else "application/vnd.openxmlformats-package.unknown"


def _read_small(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > 1024 * 1024:
        raise ValueError(name)
    return package.read(name)


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    is_large = member.file_size > MIN_RATIO_BYTES
    return is_large and member.file_size > MAX_RATIO * max(member.compress_size, 1)
