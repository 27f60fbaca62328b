"""Take an OpenDocument file apart that is one XML file and no ZIP (ODF 1.3 part 3, 3.1.2).

b'<office:document xmlns:office="urn:...:office:1.0" office:mimetype="...opendocument.text">'

Macros, pictures and objects stand in the one file, the last two in base64.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from . import packages, unseen, xml_parts

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
KINDS = frozenset({"text", "spreadsheet", "presentation", "graphics"})
# The namespaces that LibreOffice declares on the first element take three thousand.
MAX_HEAD_BYTES = 16 * 1024
DATA = "binary-data"
STYLES_START, STYLES_END = b"<office:styles>", b"</office:styles>"
MAX_PARTS = 5000


class _RootSeen(Exception):
    """The first element was read; the argument is the media type that it names."""


@dataclass(frozen=True)
class FlatPart:
    """Hold what stands in base64 within one element, such as `image` or `object-ole`.

    `is_replacement` says that it is the picture of an object in the same frame, for programs that
    do not know the object.
    """

    element: str
    is_replacement: bool
    content: bytes = field(repr=False)


def kind_of(content: bytes) -> str | None:
    """Return the media type of such a file by its first element, None for any other.

    A template is the document that it makes. One that declares entities is no such file.
    """
    head = content[:MAX_HEAD_BYTES]
    if OFFICE.encode() not in head:
        return None
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _see_root
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(head, False)
    except _RootSeen as seen:
        start, _, kind = str(seen).removesuffix("-template").rpartition(".")
        return f"{start}.{kind}{packages.FLAT}" if start == packages.ODF and kind in KINDS else None
    except (expat.ExpatError, LookupError, UnicodeError):
        return None
    return None


def in_flat(content: bytes) -> set[str]:
    """Return what such a file holds and its pages do not show.

    Named styles are left out: one may hide text and be used by nothing.
    """
    start, end = content.find(STYLES_START), content.find(STYLES_END)
    is_cut = 0 <= start < end
    shown = content[:start] + content[end + len(STYLES_END) :] if is_cut else content
    return set(unseen.in_part("", shown))


def parts(content: bytes) -> list[FlatPart]:
    """Return all that stands in base64; what cannot be decoded is left out, as programs do.

    Nothing is returned of a file that is not well-formed: that is a finding of its own.
    """
    reader = _Reader()
    try:
        xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    except (xml_parts.EntitiesDeclared, xml_parts.NotXml):
        return []
    return reader.parts


class _Reader:
    """Collect the base64 of one file as it is walked through."""

    def __init__(self) -> None:
        self.parts: list[FlatPart] = []
        self._last = ""
        # For each frame around, whether an object was seen in it.
        self._frames: list[bool] = []
        self._pieces: list[str] | None = None

    def on_start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == DATA:
            self._pieces = []
            return
        self._last = name
        if name == "frame":
            self._frames.append(False)
        elif name.startswith("object") and self._frames:
            self._frames[-1] = True

    def on_text(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def on_end(self, name: str) -> None:
        if name == "frame" and self._frames:
            self._frames.pop()
        if name != DATA or self._pieces is None:
            return
        written, self._pieces = "".join(self._pieces), None
        try:
            content = binascii.a2b_base64(written.encode("ascii", "replace"))
        except binascii.Error:
            return
        if content and len(self.parts) < MAX_PARTS:
            is_replacement = self._last == "image" and self._frames[-1:] == [True]
            self.parts.append(FlatPart(self._last, is_replacement, content))


def _see_root(name: str, attributes: dict[str, str]) -> None:
    is_document = name == f"{OFFICE} document"
    raise _RootSeen(attributes.get(f"{OFFICE} mimetype", "").strip() if is_document else "")


def _refuse(*_: object) -> None:
    raise _RootSeen("")
