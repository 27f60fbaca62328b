"""Make small office files for the tests, well-formed enough for any program to open."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Default Extension='rels' ContentType="
    "'application/vnd.openxmlformats-package.relationships+xml'/>{}</Types>"
)
PART = (
    "<Override PartName='{}' ContentType='application/vnd.openxmlformats-officedocument.{}+xml'/>"
)
RELATIONS = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    "<Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships/{}' Target='{}'/></Relationships>"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of the members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(body: str, *, before: str = "", comment: str = "") -> bytes:
    """Return a DOCX with this body, and one comment where the body refers to number 0."""
    main = "wordprocessingml.document.main"
    parts = PART.format("/word/document.xml", main)
    remarks = {}
    if comment:
        parts += PART.format("/word/comments.xml", "wordprocessingml.comments")
        remarks = {
            "word/_rels/document.xml.rels": RELATIONS.format("comments", "comments.xml"),
            "word/comments.xml": f"<w:comments xmlns:w='{WORD}'><w:comment w:id='0' w:author='Eva'"
            " w:date='2026-11-20T10:00:00Z'>"
            f"<w:p><w:r><w:t>{comment}</w:t></w:r></w:p></w:comment></w:comments>",
        }
    return packed(
        {
            **remarks,
            "[Content_Types].xml": TYPES.format(parts),
            "_rels/.rels": RELATIONS.format("officeDocument", "word/document.xml"),
            "word/document.xml": f"<?xml version='1.0' encoding='UTF-8'?>{before}"
            f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>",
        }
    )


def laughing() -> bytes:
    """Return a DOCX of a billion laughs: a gigabyte once its entities are read."""
    entities = "".join(
        f"<!ENTITY l{number} '{f'&l{number - 1};' * 10}'>" for number in range(1, 10)
    )
    return docx("<w:p><w:t>&l9;</w:t></w:p>", before=f"<!DOCTYPE a [<!ENTITY l0 'ha'>{entities}]>")


def workbook(
    rows: Sequence[Sequence[str]], *, columns: str = "", hidden_row: int = -1, sheet: str = ""
) -> bytes:
    """Return an XLSX of one sheet; words are shared strings, digits are numbers.

    `columns` are `col` elements, `sheet` further attributes of the sheet.
    """
    shared = sorted({cell for row in rows for cell in row if not cell.isdigit()})
    strings = "".join(f"<si><t>{escape(word)}</t></si>" for word in shared)
    cells = "".join(
        ("<row hidden='1'>" if number == hidden_row else "<row>")
        + "".join(
            f"<c><v>{cell}</v></c>"
            if cell.isdigit()
            else f"<c t='s'><v>{shared.index(cell)}</v></c>"
            for cell in row
        )
        + "</row>"
        for number, row in enumerate(rows)
    )
    columns = f"<cols>{columns}</cols>" if columns else ""
    parts = (
        ("/xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
        ("/xl/sharedStrings.xml", "spreadsheetml.sharedStrings"),
    )
    sheets = f"<sheets><sheet name='A' sheetId='1' {sheet} r:id='rId1'/></sheets>"
    second = f"<Relationship Id='rId2' Type='{RELATION}/sharedStrings' Target='sharedStrings.xml'/>"
    relations = RELATIONS.format("worksheet", "worksheets/sheet1.xml")
    return packed(
        {
            "[Content_Types].xml": TYPES.format("".join(PART.format(*part) for part in parts)),
            "_rels/.rels": RELATIONS.format("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook xmlns='{SHEET}' xmlns:r='{RELATION}'>{sheets}"
            "</workbook>",
            "xl/_rels/workbook.xml.rels": relations.replace(
                "</Relationships>", second + "</Relationships>"
            ),
            "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{SHEET}'>{columns}<sheetData>{cells}"
            "</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst xmlns='{SHEET}'>{strings}</sst>",
        }
    )


def slides(
    body: str = "presentation", kind: str = "presentation", *, notes: str = "", role: str = "notes"
) -> bytes:
    """Return a presentation or drawing of two pages as one XML file.

    The second slide of a presentation is passed over when it is shown. `notes` are for the speaker
    of each, in a frame of the class `role`.
    """
    names = {
        "office": "office", "draw": "drawing", "text": "text", "style": "style",
        "svg": "svg-compatible", "presentation": "presentation",
    }  # fmt: skip
    spaces = " ".join(
        f"xmlns:{prefix}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'"
        for prefix, name in names.items()
    )
    slide = (
        "<draw:page draw:name='{0}' draw:style-name='{1}'><draw:frame svg:x='1cm' svg:y='1cm'"
        " svg:width='9cm' svg:height='3cm'><draw:text-box><text:p>{0}</text:p></draw:text-box>"
        "</draw:frame>{2}</draw:page>"
    )
    if notes:
        notes = (
            f"<presentation:notes><draw:frame presentation:class='{role}' svg:x='2cm' svg:y='14cm'"
            f" svg:width='16cm' svg:height='9cm'><draw:text-box><text:p>{notes}</text:p>"
            "</draw:text-box></draw:frame></presentation:notes>"
        )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document {spaces} office:version='1.2'"
        f' office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        "<office:automatic-styles><style:style style:name='over' style:family='drawing-page'>"
        "<style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
        f"</office:automatic-styles><office:body><office:{body}>"
        f"{slide.format('Hej', 'shown', notes)}{slide.format('Passed over', 'over', notes)}"
        f"</office:{body}></office:body></office:document>"
    ).encode()
