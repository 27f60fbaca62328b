"""Lay out an office file with LibreOffice, in walls of its own, as a PDF that is not trusted.

The PDF is a stranger's just as the file was: it goes through the jail and becomes pixels. Macros do
not run, since LibreOffice asks about them and here nobody answers. Links to other files and pages
lead nowhere, since nothing else can be reached.
"""

import shutil
from dataclasses import dataclass, field
from typing import Protocol

from ..protocol.errors import JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from ..protocol.rendition import Rendition
from .confined import Walls, run_confined

PDF = "application/pdf"
PDF_START = b"%PDF-"
FOLDERS = ("/etc/fonts", "/etc/libreoffice")
OOXML = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
# The formats that are laid out, and the extension that tells LibreOffice which one it is.
EXTENSIONS = {
    OOXML + "wordprocessingml.document": "docx",
    OOXML + "spreadsheetml.sheet": "xlsx",
    OOXML + "presentationml.presentation": "pptx",
    OOXML + "presentationml.slideshow": "ppsx",
    "application/vnd.ms-word.document.macroenabled.12": "docm",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    OPEN + "text": "odt",
    OPEN + "spreadsheet": "ods",
    OPEN + "presentation": "odp",
}
# $0 is the file's name. The profile is empty each time: nothing is left from another document.
SCRIPT = (
    'cat > "$0" && soffice -env:UserInstallation=file:///tmp/profile --headless --norestore'
    ' --nolockcheck --nodefault --convert-to pdf --outdir out "$0" 1>&2 && cat out/document.pdf'
)


class Renders(Protocol):
    """Turn a document into page images: a jail or a pool of jails."""

    def render(self, content: bytes, detected_type: str, *, dpi: int, max_pages: int) -> Rendition:
        """Return one document as images of its pages; raises JailError."""


@dataclass(frozen=True)
class OfficeConverter:
    """Lay out office files with LibreOffice where it is installed.

    Each call starts the program anew; threads may call at the same time.
    """

    jails: Renders
    walls: Walls = field(default_factory=Walls)

    def is_available(self) -> bool:
        """Say whether LibreOffice is installed."""
        return shutil.which("soffice", path="/usr/bin") is not None

    def render(
        self, content: bytes, detected_type: str, *, dpi: int = 150, max_pages: int = 200
    ) -> Rendition:
        """Return an office file as images of its pages, laid out if that is possible.

        The pages hold the words alone, with the reason `layout_not_available`, when LibreOffice is
        not installed, cannot open the file or does not finish. A file whose words cannot be read
        safely (`xml_entities` and the like) is not laid out either. Raises JailError as the jail
        does.
        """
        words = self.jails.render(content, detected_type, dpi=dpi, max_pages=1)
        if not words.pages and words.reason not in ("type_not_rendered", "no_pages"):
            return words
        try:
            laid_out = self._convert(content, detected_type)
        except (ParseCrash, ParseTimeout, OutputRefused, JailUnavailable):
            return self.jails.render(content, detected_type, dpi=dpi, max_pages=max_pages)
        return self.jails.render(laid_out, PDF, dpi=dpi, max_pages=max_pages)

    def _convert(self, content: bytes, detected_type: str) -> bytes:
        """Return the PDF that LibreOffice makes of the file."""
        if detected_type not in EXTENSIONS or not self.is_available():
            raise JailUnavailable("no_libreoffice")
        name = f"document.{EXTENSIONS[detected_type]}"
        program = ("/bin/sh", "-c", SCRIPT, name)
        laid_out = run_confined(program, content, self.walls, folders=FOLDERS)
        if not laid_out.startswith(PDF_START):
            raise OutputRefused("not_a_pdf")
        return laid_out
