"""Make office files by hand: small, valid packages, and what can be hidden in one.

Each function returns the bytes of one file. Nothing here runs anything: macros are empty
containers with the right names, commands name programs that do not exist.
"""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORD_MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORD_TEMPLATE_MAIN = WORD_MAIN.replace("document.main", "template.main")
SLIDES_MACRO_MAIN = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
BINARY_SHEET_MAIN = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_NAMES = (
    f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:table="{ODF}:table:1.0"'
    f' xmlns:draw="{ODF}:drawing:1.0" xmlns:script="{ODF}:script:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)
Members = Mapping[str, str | bytes]


def package(members: Members, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of the members in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return target.getvalue()


def relationship(kind: str, target: str, *, is_external: bool = True) -> str:
    """Return one relationship of the kind that a URL of the standard ends with."""
    mode = ' TargetMode="External"' if is_external else ""
    kind, target = f"{DOCUMENT}/{kind}", escape(target, {'"': "&quot;"})
    return (
        f'<Relationship Id="r{abs(hash((kind, target)))}" Type="{kind}" Target="{target}"{mode}/>'
    )


def docx(
    body: str = "",
    *,
    text: str = "A letter.",
    relationships: str = "",
    types: str = "",
    members: Members | None = None,
    main: str = WORD_MAIN,
) -> bytes:
    """Return a Word document with a paragraph, and what else is given."""
    return package(docx_members(body, text, relationships, types, main) | dict(members or {}))


def docx_members(
    body: str,
    text: str = "A letter.",
    relationships: str = "",
    types: str = "",
    main: str = WORD_MAIN,
) -> dict[str, str | bytes]:
    """Return the parts of a Word document by name."""
    return {
        "[Content_Types].xml": _types(types, "/word/document.xml", main),
        "_rels/.rels": _relationships(
            relationship("officeDocument", "word/document.xml", is_external=False)
        ),
        "word/document.xml": (
            f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{DOCUMENT}"><w:body>'
            f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>{body}</w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": _relationships(relationships),
    }


def field(instruction: str, *, pieces: int = 1) -> str:
    """Return a field of Word whose instruction is cut into pieces, as Word itself does."""
    size = -(-len(instruction) // pieces)
    cut = [instruction[at : at + size] for at in range(0, len(instruction), size)]
    runs = "".join(f"<w:r><w:instrText>{escape(piece)}</w:instrText></w:r>" for piece in cut)
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def xlsx(
    cells: str = "<c><v>1</v></c>",
    *,
    relationships: str = "",
    types: str = "",
    members: Members | None = None,
) -> bytes:
    """Return a workbook of one sheet with one row of the given cells."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(types, "/xl/workbook.xml", SHEET_MAIN),
        "_rels/.rels": _relationships(
            relationship("officeDocument", "xl/workbook.xml", is_external=False)
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{S}" xmlns:r="{DOCUMENT}"><sheets>'
            '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relationships(
            f'<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
            + relationships
        ),
        "xl/worksheets/sheet1.xml": (
            f'{HEAD}<worksheet xmlns="{S}"><sheetData><row r="1">{cells}</row></sheetData>'
            "</worksheet>"
        ),
    }
    return package(parts | dict(members or {}))


def odt(
    content: str = "", *, members: Members | None = None, kind: str = "text", manifest: str = ""
) -> bytes:
    """Return an OpenDocument file with a paragraph, and what else is given."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    names = f'xmlns:manifest="{ODF}:manifest:1.0"'
    parts: dict[str, str | bytes] = {
        "mimetype": media_type,
        "content.xml": (
            f"{HEAD}<office:document-content {ODF_NAMES}><office:body><office:text>"
            f"<text:p>A letter.</text:p>{content}</office:text></office:body>"
            "</office:document-content>"
        ),
        "META-INF/manifest.xml": (
            f"{HEAD}<manifest:manifest {names}><manifest:file-entry manifest:full-path='/'"
            f" manifest:media-type='{media_type}'>{manifest}</manifest:file-entry>"
            "</manifest:manifest>"
        ),
    }
    return package(parts | dict(members or {}))


def override(part: str, content_type: str) -> str:
    """Return the line of the content types that gives a part another type."""
    return f'<Override PartName="{part}" ContentType="{content_type}"/>'


def _types(more: str, main_part: str, main: str) -> str:
    return (
        f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{override(main_part, main)}'
        f"{more}</Types>"
    )


def _relationships(inside: str) -> str:
    return f'{HEAD}<Relationships xmlns="{RELATIONSHIPS}">{inside}</Relationships>'
