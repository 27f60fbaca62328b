"""Lay out an office file with LibreOffice, in walls of its own, as a PDF that is not trusted.

The PDF is a stranger's just as the file was: it goes through the jail and becomes pixels. Macros do
not run, since LibreOffice asks about them and here nobody answers. Links to other files and pages
lead nowhere, since nothing else can be reached.
"""

import shutil
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..protocol.errors import JailUnavailable, OutputRefused, ParseCrash, ParseTimeout
from ..protocol.limits import TimeLeft
from ..protocol.rendition import MIN_DPI, UNSEEN, Original, Rendition
from . import sheet_layout
from .confined import Walls, run_confined
from .fonts import InstalledFonts

PDF = "application/pdf"
# For the copy of one office file: a look at its words, its layout and its pages.
MAX_SECONDS = 120.0
PDF_START = b"%PDF-"
LEFT, CELLS_LEFT = sheet_layout.LEFT, "office_cells_left"
FOLDERS = ("/etc/fonts", "/etc/libreoffice")
OOXML = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
# The formats that are laid out, and the extension that tells LibreOffice which one it is.
EXTENSIONS = {
    OOXML + "wordprocessingml.document": "docx",
    OOXML + "spreadsheetml.sheet": "xlsx",
    OOXML + "presentationml.presentation": "pptx",
    OOXML + "presentationml.slideshow": "ppsx",
    OOXML + "wordprocessingml.template": "dotx",
    OOXML + "spreadsheetml.template": "xltx",
    OOXML + "presentationml.template": "potx",
    "application/vnd.ms-word.document.macroenabled.12": "docm",
    "application/vnd.ms-word.template.macroenabled.12": "dotm",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
    "application/vnd.ms-excel.template.macroenabled.12": "xltm",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "xlsb",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": "pptm",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.12": "ppsm",
    "application/vnd.ms-powerpoint.template.macroenabled.12": "potm",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    OPEN + "text": "odt",
    OPEN + "spreadsheet": "ods",
    OPEN + "presentation": "odp",
    OPEN + "graphics": "odg",
    OPEN + "text-template": "ott",
    OPEN + "spreadsheet-template": "ots",
    OPEN + "presentation-template": "otp",
    OPEN + "graphics-template": "otg",
    OPEN + "text-flat-xml": "fodt",
    OPEN + "spreadsheet-flat-xml": "fods",
    OPEN + "presentation-flat-xml": "fodp",
    OPEN + "graphics-flat-xml": "fodg",
}
# Comments become notes of the PDF, whose words are then written below the page.
OUTPUT = (
    'pdf:{}_pdf_Export:{{"ExportNotes":{{"type":"boolean","value":"true"}},'
    # Else slides that a speaker would pass over are left out without a word.
    '"ExportHiddenSlides":{{"type":"boolean","value":"true"}}{}}}'
)
# One more page a slide, behind the last, with what its speaker noted.
NOTES_PAGES = ',"ExportNotesPages":{"type":"boolean","value":"true"}'
# Deleted words are struck through, and new ones underlined, in colours that no document has by
# chance: the renderer knows deleted words by theirs (`render.pdf_text.DELETED`).
DELETED, INSERTED = 0xC00001, 0x006001
REVISION = (
    '<item oor:path="/org.openoffice.Office.Writer/Revision/TextDisplay/{}">'
    '<prop oor:name="Color"><value>{}</value></prop></item>'
)
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + REVISION.format("Delete", DELETED)
    + REVISION.format("Insert", INSERTED)
    # Else LibreOffice would put its own empty library in the place of the program for workbooks.
    + '<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted">'
    "<value>true</value></prop></item></oor:items>"
)
# $0 is the file's name, $1 the settings, $2 the kind of output. The profile has these settings and
# nothing else each time: nothing is left from another document.
OFFICE = "soffice -env:UserInstallation=file:///tmp/profile --headless --norestore --nolockcheck"
SCRIPT = (
    'cat > "$0" && mkdir -p profile/user'
    ' && printf %s "$1" > profile/user/registrymodifications.xcu'
    f' && {OFFICE} --nodefault --convert-to "$2" --outdir out "$0" 1>&2 && cat out/document.pdf'
)
# $3 is the program that widens columns, $4 and $5 are its libraries. A workbook with which it does
# not come to an end is laid out as it is, and LEFT behind the PDF says so.
SHEET_SCRIPT = (
    'cat > "$0" && mkdir -p out profile/user/basic/Standard'
    ' && printf %s "$1" > profile/user/registrymodifications.xcu'
    ' && printf %s "$3" > profile/user/basic/Standard/Copy.xba'
    ' && printf %s "$4" > profile/user/basic/Standard/script.xlb'
    ' && printf %s "$5" > profile/user/basic/script.xlc'
    ' && printf %s "$5" > profile/user/basic/dialog.xlc'
    f" && {{ timeout 25 {OFFICE}"
    ' "macro:///Standard.Copy.Draw(\\"file:///tmp/$0\\",\\"file:///tmp/out/document.pdf\\")" 1>&2;'
    " test -s out/document.pdf ||"
    f' {{ {OFFICE} --nodefault --convert-to "$2" --outdir out "$0" 1>&2 && : > out/{LEFT}; }}; }}'
    f" && cat out/document.pdf && if test -e out/{LEFT}; then printf %s {LEFT}; fi"
)
SHEETS = frozenset({"xlsx", "xls", "ods", "xlsm", "xltx", "xltm", "xlsb", "ots", "fods"})
SLIDES = frozenset({"pptx", "ppsx", "potx", "pptm", "ppsm", "potm", "ppt", "odp", "otp", "fodp"})
BESIDE_TEXT = {"impress": SLIDES, "draw": frozenset({"odg", "otg", "fodg"})}


class Renders(Protocol):
    """Turn a document into page images: a jail or a pool of jails."""

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int,
        max_pages: int,
        original: Original | None = None,
        left: TimeLeft | None = None,
    ) -> Rendition:
        """Return one document as images of its pages; raises JailError."""


@dataclass(frozen=True)
class OfficeConverter:
    """Lay out office files with LibreOffice where it is installed.

    Each call starts the program anew; threads may call at the same time.
    """

    jails: Renders
    walls: Walls = field(default_factory=Walls)
    fonts: InstalledFonts = field(default_factory=InstalledFonts)

    def is_available(self) -> bool:
        """Say whether LibreOffice is installed."""
        return shutil.which("soffice", path="/usr/bin") is not None

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int = 150,
        max_pages: int = 200,
        has_notes: bool = False,
    ) -> Rendition:
        """Return an office file as images of its pages, laid out if that is possible.

        `has_notes` says that slides have a speaker's notes, which are then drawn behind them.

        The pages hold the words alone, with the reason `layout_not_available`, when LibreOffice is
        not installed, cannot open the file or does not finish. A file whose words cannot be read
        safely (`xml_entities` and the like) is not laid out either. Letters that no installed font
        has are boxes, and the reason is then `script_not_drawn`. Raises JailError as the jail does.
        """
        # Whether the words can be read is all that is asked here, so the page is a small one.
        left = TimeLeft(MAX_SECONDS)
        words = self.jails.render(content, detected_type, dpi=MIN_DPI, max_pages=1, left=left)
        if not words.pages and words.reason not in ("type_not_rendered", "no_pages"):
            return words
        try:
            laid_out = self._convert(content, detected_type, left, has_notes=has_notes)
        except (ParseCrash, ParseTimeout, OutputRefused, JailUnavailable):
            return self.jails.render(
                content, detected_type, dpi=dpi, max_pages=max_pages, left=left
            )
        is_left = laid_out.endswith(LEFT.encode())
        drawn = self.jails.render(
            laid_out.removesuffix(LEFT.encode()),
            PDF,
            dpi=dpi,
            max_pages=max_pages,
            original=Original(content, detected_type),
            left=left,
        )
        return self._with_missing_letters(_with_cells_left(drawn) if is_left else drawn)

    def _convert(
        self, content: bytes, detected_type: str, left: TimeLeft, *, has_notes: bool
    ) -> bytes:
        """Return the PDF that LibreOffice makes of the file, with LEFT behind it if cells are."""
        if detected_type not in EXTENSIONS or not self.is_available():
            raise JailUnavailable("no_libreoffice")
        extension = EXTENSIONS[detected_type]
        name = f"document.{extension}"
        kind = next((kind for kind, names in BESIDE_TEXT.items() if extension in names), "writer")
        output = OUTPUT.format(kind, NOTES_PAGES if has_notes and kind == "impress" else "")
        program = ["/bin/sh", "-c", SCRIPT, name, PROFILE, output]
        if extension in SHEETS:
            program = ["/bin/sh", "-c", SHEET_SCRIPT, name, PROFILE, OUTPUT.format("calc", "")]
            program += [sheet_layout.module(), sheet_layout.STANDARD, sheet_layout.LIBRARIES]
        walls = replace(self.walls, wall_seconds=min(self.walls.wall_seconds, left.seconds))
        with left.counted():
            laid_out = run_confined(program, content, walls, folders=FOLDERS)
        if not laid_out.startswith(PDF_START):
            raise OutputRefused("not_a_pdf")
        return laid_out

    def _with_missing_letters(self, drawn: Rendition) -> Rendition:
        """Return the pages, and say so where they show boxes instead of letters."""
        texts = [page.text for page in drawn.pages]
        if drawn.reason or all(text.isascii() for text in texts) or not self.fonts.lack(texts):
            return drawn
        return replace(drawn, reason="script_not_drawn", is_complete=False)


def _with_cells_left(drawn: Rendition) -> Rendition:
    """Return the pages of a workbook of which not every cell could be drawn large enough."""
    found = {*drawn.unseen, CELLS_LEFT}
    unseen = tuple(code for code in UNSEEN if code in found)
    is_whole = drawn.is_complete or drawn.reason in UNSEEN
    reason = unseen[0] if is_whole else drawn.reason
    return replace(drawn, reason=reason, is_complete=False, unseen=unseen)
