"""Take out what stands in base64 in a document of Microsoft Office that is one XML file.

b'<pkg:part pkg:name="/word/media/image1.png"><pkg:binaryData>...' (a package, ECMA-376) and
b'<w:binData w:name="wordml://02000001.jpg">...' (Word 2003): pictures, objects and programs.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..office import xml_parts

HAS_DATA = re.compile(rb"[:<](?:binaryData|binData)[\s>]")
DATA = frozenset({"binaryData", "binData"})
# Before a name that only this file knows.
SCHEME = re.compile(r"^\w+://")
MAX_PARTS = 5000


@dataclass(frozen=True)
class WrittenPart:
    """Hold one part by the name that the file gives it, which may be empty."""

    name: str
    content: bytes = field(repr=False)


def parts(content: bytes) -> list[WrittenPart]:
    """Return all that stands in base64; what cannot be decoded is left out, as programs do.

    Of a file that is not well-formed, which is a finding of its own, what stands before the fault.
    """
    reader = _Reader()
    try:
        xml_parts.walk(content, reader.on_start, reader.on_text, reader.on_end)
    except (xml_parts.EntitiesDeclared, xml_parts.NotXml):
        return reader.parts
    return reader.parts


class _Reader:
    """Collect the base64 of one file as it is walked through."""

    def __init__(self) -> None:
        self.parts: list[WrittenPart] = []
        self._name = ""
        self._pieces: list[str] | None = None

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element in; the part around it or itself has the name."""
        if name in DATA:
            self._pieces = []
        if name in ("part", "binData"):
            self._name = SCHEME.sub("", attributes.get("name", ""))

    def on_text(self, text: str) -> None:
        """Take letters of base64 in."""
        if self._pieces is not None:
            self._pieces.append(text)

    def on_end(self, name: str) -> None:
        """Take the end of an element in."""
        if name not in DATA or self._pieces is None:
            return
        written, self._pieces = "".join(self._pieces), None
        try:
            content = binascii.a2b_base64(written.encode("ascii", "replace"))
        except binascii.Error:
            return
        if content and len(self.parts) < MAX_PARTS:
            self.parts.append(WrittenPart(self._name, content))
