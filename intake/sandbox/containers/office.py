"""Take out what an office document in a ZIP carries beside its text (ECMA-376, ODF 1.3).

Everything that is not the document's own XML comes out: embedded files, pictures, and the binary
parts that every such document has. The binary parts are marked `office_part`, so that they are
scanned and not shown.
"""

import re

from ..archives import office_xml
from ..archives.members import Container, Gathering, locked
from ..archives.zip_directory import ZipEntry
from ..archives.zip_members import list_members, open_zip, read_members
from ..office import flat_opendocument
from ..protocol.signs import WRITTEN_OUT

OOXML_SIGN = b"[Content_Types].xml"
ODF_SIGN = b"mimetype"
ODF_MANIFEST = b"META-INF/manifest.xml"
ODF_ENCRYPTED = re.compile(rb"<(?:\w+:)?encryption-data[\s>]")
XML_NAME = re.compile(r"\.(?:xml|rels|rdf|vml)$", re.IGNORECASE)
XML_START = re.compile(rb"\s*(?:<|$)")
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PICTURE_NAME = re.compile(r"(?:^|/)(?:media|Pictures|Thumbnails)/", re.IGNORECASE)
# Parts that programs write by themselves, under names that only they use.
OWN_PARTS = re.compile(
    r"/printerSettings/printerSettings\d*\.bin$|/vbaProject(?:Signature\w*)?\.bin$"
    r"|/activeX/activeX\d+\.bin$|\.(?:fntdata|odttf)$|^layout-cache$"
    r"|^xl/(?:\w+/)*[\w-]+\.bin$|^ObjectReplacements/",
    re.IGNORECASE,
)
# A small picture of the first page (ODF 1.3 part 2, 3.7; ECMA-376 part 2, 11.1.3), as PNG, JPEG,
# EMF or WMF. What is called so and is no picture is a part like any other.
THUMBNAIL = re.compile(
    r"^(?:META-INF/)?Thumbnails/thumbnail\.png$|^docProps/thumbnail\.\w{3,4}$", re.IGNORECASE
)
# The same by the elements that hold it in a file that is no ZIP.
FLAT_FONT = "font-face-uri"
FLAT_PICTURES = frozenset({"image", "fill-image", "background-image", "list-level-style-image"})
# Drawings of Windows (MS-EMF 2.3.4.2, MS-WMF 2.3.2.2 and 2.3.2.3): the copy of their document has
# them, and nothing here draws one alone.
DRAWING = re.compile(rb"\x01\0\0\0.{36} EMF|\xd7\xcd\xc6\x9a|\x01\0\x09\0\0[\x01\x03]", re.DOTALL)
SHOWN_PICTURES = (b"\x89PNG", b"\xff\xd8\xff")
PICTURE_STARTS = (*SHOWN_PICTURES, b"\x01\0\0\0", b"\xd7\xcd\xc6\x9a")


def is_office(content: bytes) -> bool:
    """Say whether a ZIP calls itself an office document; its directory is not checked yet."""
    head, tail = content[:4096], content[-65536:]
    # Some writers compress the ODF type although it must be stored (ODF 1.3 part 2, 3.3).
    return OOXML_SIGN in head + tail or head[30:].startswith(ODF_SIGN)


def open_office(container: Container, gathering: Gathering) -> None:
    """Add every part that is not XML of the document itself; raises NotOpened."""
    if not _names(container, gathering) & {OOXML_SIGN, ODF_SIGN}:
        open_zip(container, gathering)
        return
    for entry, content in read_members(container, gathering):
        if entry.raw_name == ODF_MANIFEST and ODF_ENCRYPTED.search(content):
            raise locked("office_encrypted")
        is_kind = entry.raw_name == ODF_SIGN and content.startswith(b"application/")
        if not is_kind and not _is_own_xml(entry, content):
            _add_part(entry.name, content, gathering)


def open_flat(container: Container, gathering: Gathering) -> None:
    """Add what stands in base64 in an OpenDocument file that is one XML file; raises NotOpened."""
    for part in flat_opendocument.parts(container.content):
        is_picture = part.element in FLAT_PICTURES
        gathering.add(
            "",
            part.content,
            role="inline" if is_picture else "attachment",
            defects=("office_part",) if part.is_replacement or part.element == FLAT_FONT else (),
            unnamed="picture" if is_picture else "embedded object",
        )


def open_flat_office(container: Container, gathering: Gathering) -> None:
    """Add what stands in base64 in an Office document that is one XML file, beside its words."""
    gathering.flags.add(WRITTEN_OUT)
    for part in office_xml.parts(container.content):
        if part.content.startswith(SHOWN_PICTURES):
            gathering.add(part.name, part.content, role="inline", unnamed="picture")
        else:
            _add_part(part.name, part.content, gathering)


def _names(container: Container, gathering: Gathering) -> set[bytes]:
    return {entry.raw_name for entry in list_members(container, gathering)}


def _is_own_xml(entry: ZipEntry, content: bytes) -> bool:
    """Say whether a part is XML by its name and by how it begins."""
    if not XML_NAME.search(entry.name):
        return False
    return content.startswith(BYTE_ORDER_MARKS) or XML_START.match(content) is not None


def _add_part(name: str, content: bytes, gathering: Gathering) -> None:
    is_embedded = "/embeddings/" in name.lower()
    is_thumbnail = THUMBNAIL.search(name) is not None and content.startswith(PICTURE_STARTS)
    is_picture = PICTURE_NAME.search(name) is not None
    is_drawing = is_picture and DRAWING.match(content) is not None
    is_written = is_thumbnail or is_drawing or OWN_PARTS.search(name) is not None
    is_own = not is_embedded and is_written
    gathering.add(
        name,
        content,
        role="inline" if is_own or is_picture else "attachment",
        defects=("office_part",) if is_own else (),
    )
