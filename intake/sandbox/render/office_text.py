"""Find the words of an office file without any office program.

The layout is lost, and the rendition says so. XML with a document type is refused before its first
entity is read: entities that multiply each other (the billion laughs) exhaust memory, and no office
program writes a document type.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from xml.parsers import expat

from ..office import rtf_text
from ..office.packages import FLAT
from .office_parts import OfficeParts
from .page import NotDrawn

MAX_CHARS = 2_000_000
MAX_DEPTH = 500

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PPSX = "application/vnd.openxmlformats-officedocument.presentationml.slideshow"
OPEN = "application/vnd.oasis.opendocument."
MACROS = ".macroenabled.12"
# The text of an element, and what an element puts behind itself, by local name.
BREAKS = {"p": "\n", "h": "\n", "br": "\n", "line-break": "\n", "tab": "\t", "row": "\n"}
BREAKS |= {"table-row": "\n", "table-cell": "\t", "tc": "\t", "c": "\t", "si": "\n"}
# SpreadsheetML of 2003, which Excel and many exporting systems write as one XML file.
BREAKS |= {"Row": "\n", "Cell": "\t", "Worksheet": "\n"}
WORDS = frozenset({"t", "v"})
# What of a flat OpenDocument file is text: `document`, `body`, and what is in it but base64.
BODY, BINARY, MAX_BODY_DEPTH = "body", "binary-data", 2
WORDS_OF_2003 = frozenset({"t", "Data"})


class _Reader:
    """Collect the text of one XML document as expat walks through it."""

    def __init__(
        self,
        *,
        wanted: frozenset[str] | None,
        shared: list[str] | None = None,
        is_flat: bool = False,
    ) -> None:
        self._wanted = wanted
        self._is_flat = is_flat
        self._shared = shared
        self._open: list[str] = []
        self._is_shared = False
        self._pieces: list[str] = []
        self._size = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, chunks: Iterator[bytes]) -> str:
        """Return the text; raises NotDrawn for anything that is not plain, whole XML."""
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
                if self._size > MAX_CHARS:
                    return "".join(self._pieces)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise NotDrawn("office_cannot_be_read") from error
        return "".join(self._pieces)

    def _refuse(self, *_arguments: object) -> None:
        raise NotDrawn("xml_entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._open.append(local)
        if len(self._open) > MAX_DEPTH:
            raise NotDrawn("xml_too_deep")
        if local == "c":
            self._is_shared = attributes.get("t") == "s"

    def _end(self, name: str) -> None:
        self._open.pop()
        self._add(BREAKS.get(name.rpartition(":")[2], ""))

    def _characters(self, content: str) -> None:
        here = self._open[-1] if self._open else ""
        if self._wanted is not None and here not in self._wanted:
            return
        if self._is_flat and (here == BINARY or BODY not in self._open[:MAX_BODY_DEPTH]):
            return
        if here == "v" and self._is_shared and self._shared is not None:
            number = int(content) if content.isascii() and content.isdigit() else -1
            content = self._shared[number] if 0 <= number < len(self._shared) else ""
        self._add(content)

    def _add(self, content: str) -> None:
        self._pieces.append(content)
        self._size += len(content)


def text_of_docx(content: bytes) -> str:
    """Return the words of a DOCX in the order of its body; deleted words are not among them."""
    with closing(OfficeParts(content)) as package:
        main = package.main_part("word/document.xml")
        return _Reader(wanted=WORDS).read(package.chunks(main))


def text_of_xlsx(content: bytes) -> str:
    """Return the cells of an XLSX, a line a row and an empty line between sheets."""
    with closing(OfficeParts(content)) as package:
        book = package.main_part("xl/workbook.xml")
        shared: list[str] = []
        named = package.related(book, "sharedstrings") or _present(package, "xl/sharedStrings.xml")
        for part in named[:1]:
            shared = _Reader(wanted=WORDS).read(package.chunks(part)).split("\n")
        sheets = package.listed(book, "sheet", "worksheet")
        sheets = sheets or _numbered(package.names(), "xl/worksheets/sheet")
        texts = [_Reader(wanted=WORDS, shared=shared).read(package.chunks(n)) for n in sheets]
    return "\n".join(texts)


def text_of_pptx(content: bytes) -> str:
    """Return the words of a PPTX, slide by slide."""
    with closing(OfficeParts(content)) as package:
        slides = package.listed(package.main_part("ppt/presentation.xml"), "sldId", "slide")
        slides = slides or _numbered(package.names(), "ppt/slides/slide")
        texts = [_Reader(wanted=WORDS).read(package.chunks(name)) for name in slides]
    return "\n".join(texts)


def text_of_flat_xml(content: bytes) -> str:
    """Return the words of a Word or Excel document of 2003 that is one XML file."""
    return _Reader(wanted=WORDS_OF_2003).read(iter([content]))


def text_of_opendocument(content: bytes) -> str:
    """Return the words of an ODT, ODS or ODP."""
    with closing(OfficeParts(content)) as package:
        return _Reader(wanted=None).read(package.chunks("content.xml"))


def text_of_flat_opendocument(content: bytes) -> str:
    """Return the words of the same that is one XML file: of its body, without its pictures."""
    return _Reader(wanted=None, is_flat=True).read(iter([content]))


def _present(package: OfficeParts, name: str) -> list[str]:
    return [name] if name in package.names() else []


def _numbered(names: list[str], start: str) -> list[str]:
    """Return sheet1.xml, sheet2.xml and so on, in that order and each once."""
    found = {}
    for name in names:
        number = name.removeprefix(start).removesuffix(".xml")
        if name.startswith(start) and number.isascii() and number.isdigit() and len(number) < 5:
            found[int(number)] = name
    return [found[number] for number in sorted(found)]


def text_of_rtf(content: bytes) -> str:
    """Return the words of an RTF file; raises NotDrawn."""
    try:
        return rtf_text.text_of_rtf(content)
    except rtf_text.RtfRefused as refusal:
        raise NotDrawn(refusal.reason) from None


READERS: dict[str, Callable[[bytes], str]] = {
    DOCX: text_of_docx,
    XLSX: text_of_xlsx,
    PPTX: text_of_pptx,
    PPSX: text_of_pptx,
    DOCX.removesuffix("document") + "template": text_of_docx,
    XLSX.removesuffix("sheet") + "template": text_of_xlsx,
    PPTX.removesuffix("presentation") + "template": text_of_pptx,
    **{
        f"application/vnd.ms-word.{kind}{MACROS}": text_of_docx for kind in ("document", "template")
    },
    **{f"application/vnd.ms-excel.{kind}{MACROS}": text_of_xlsx for kind in ("sheet", "template")},
    **{
        f"application/vnd.ms-powerpoint.{kind}{MACROS}": text_of_pptx
        for kind in ("presentation", "slideshow", "template")
    },
    **{
        OPEN + kind + template: text_of_opendocument
        for kind in ("text", "spreadsheet", "presentation", "graphics")
        for template in ("", "-template")
    },
    **{
        f"{OPEN}{kind}{FLAT}": text_of_flat_opendocument
        for kind in ("text", "spreadsheet", "presentation", "graphics")
    },
    **dict.fromkeys(("text/rtf", "application/rtf"), text_of_rtf),
}
