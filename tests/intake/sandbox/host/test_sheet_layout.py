"""Hold that all cells of a workbook are drawn, and large enough to be read."""

import io
import zipfile

import pytest

from intake.sandbox import Limits
from intake.sandbox.host import sheet_layout
from intake.sandbox.host.confined import Walls, run_confined
from intake.sandbox.host.office_converter import FOLDERS, PROFILE, SCRIPT, OfficeConverter
from intake.sandbox.office.packages import EXCEL
from intake.sandbox.render.office_text import OPEN, XLSX
from tests.intake.sandbox.conftest import MakeJail
from tests.intake.sandbox.office.samples import RELATION, SHEET, workbook

SHEET_PART, BOOK_PART = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
STYLES_PART, RELATIONS_PART = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
ROWS = [["Name", "1234"], ["Phone", "5678"], ["Alias", "9012"]]
LAST_ROW = "<row><c t='s'><v>0</v></c><c><v>9012</v></c></row>"
PRINT_AREA = (
    "</sheets><definedNames><definedName name='_xlnm.Print_Area' localSheetId='0'>A!$A$1:$B$1"
    "</definedName></definedNames>"
)
RELATED = f"<Relationship Id='rId3' Type='{RELATION}/styles' Target='styles.xml'/></Relationships>"
STYLES = (
    f"<styleSheet xmlns='{SHEET}'><numFmts count='1'><numFmt numFmtId='170' formatCode='{{}}'/>"
    "</numFmts><fonts count='1'><font/></fonts><fills count='1'><fill/></fills><borders count='1'>"
    "<border/></borders><cellStyleXfs count='1'><xf/></cellStyleXfs><cellXfs count='2'><xf/>"
    "<xf numFmtId='170' applyNumberFormat='1'/></cellXfs></styleSheet>"
)
PROTECTED = "</sheetData><sheetProtection sheet='1' password='CC3D'/>"


def edited(content: bytes, *edits: tuple[str, str, str], styles: str = "") -> bytes:
    """Return a workbook with texts of its parts replaced: (part, old, new)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        parts = {name: old.read(name).decode() for name in old.namelist()}
        for part, before, behind in edits:
            assert before in parts[part]
            parts[part] = parts[part].replace(before, behind)
        for name, written in {**parts, **({STYLES_PART: styles} if styles else {})}.items():
            new.writestr(name, written)
    return made.getvalue()


def printed_in_part() -> bytes:
    """Return a workbook of which only the first row would be printed."""
    return edited(workbook(ROWS), (BOOK_PART, "</sheets>", PRINT_AREA))


def with_low_row() -> bytes:
    """Return a workbook whose last row is one point high."""
    low = LAST_ROW.replace("<row>", "<row ht='1' customHeight='1'>")
    return edited(workbook(ROWS), (SHEET_PART, LAST_ROW, low))


def with_fixed_row() -> bytes:
    """Return a workbook whose last row is high enough for one of the lines that it holds."""
    words = " ".join(f"word{number}" for number in range(30))
    fixed = (
        f"<row ht='15' customHeight='1'><c s='1' t='inlineStr'><is><t>{words}</t></is></c></row>"
    )
    kind = f"<Override PartName='/{STYLES_PART}' ContentType='{EXCEL}.styles+xml'/></Types>"
    wrapped = "applyAlignment='1'><alignment wrapText='1'/></xf></cellXfs>"
    return edited(
        workbook(ROWS),
        (SHEET_PART, LAST_ROW, fixed),
        (RELATIONS_PART, "</Relationships>", RELATED),
        ("[Content_Types].xml", "</Types>", kind),
        styles=STYLES.format("0").replace("applyNumberFormat='1'/></cellXfs>", wrapped),
    )


def with_format(code: str, further: str = "</sheetData>") -> bytes:
    """Return a workbook whose last row has a number format."""
    formatted = LAST_ROW.replace("<c ", "<c s='1' ").replace("<c>", "<c s='1'>")
    kind = f"<Override PartName='/{STYLES_PART}' ContentType='{EXCEL}.styles+xml'/></Types>"
    return edited(
        workbook(ROWS),
        (SHEET_PART, LAST_ROW, formatted),
        (SHEET_PART, "</sheetData>", further),
        (RELATIONS_PART, "</Relationships>", RELATED),
        ("[Content_Types].xml", "</Types>", kind),
        styles=STYLES.format(code),
    )


def fitted(count: int, *, is_high: bool) -> bytes:
    """Return a workbook of one column or one row of cells that is printed on one page."""
    words = [f"C{number}" for number in range(count)]
    return edited(
        workbook([[word] for word in words] if is_high else [words]),
        (SHEET_PART, "<sheetData>", "<sheetPr><pageSetUpPr fitToPage='1'/></sheetPr><sheetData>"),
        (SHEET_PART, "</sheetData>", "</sheetData><pageSetup fitToWidth='1' fitToHeight='1'/>"),
    )


def saved_as(extension: str, content: bytes) -> tuple[bytes, str]:
    """Return an XLSX as another kind of workbook, and its media type."""
    if extension == "xlsx":
        return content, XLSX
    saving = SCRIPT.replace("document.pdf", f"document.{extension}")
    program = ("/bin/sh", "-c", saving, "document.xlsx", PROFILE, extension)
    made = run_confined(program, content, Walls(), folders=FOLDERS)
    return made, OPEN + "spreadsheet" if extension == "ods" else "application/vnd.ms-excel"


@pytest.fixture
def converter(make_jail: MakeJail) -> OfficeConverter:
    """Return the converter of this machine."""
    return OfficeConverter(make_jail(Limits()))


@pytest.mark.office
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_a_row_of_a_fixed_height_shows_all_that_is_wrapped_in_it(
    converter: OfficeConverter, extension: str
) -> None:
    rendition = converter.render(*saved_as(extension, with_fixed_row()))

    words = "".join(rendition.pages[0].text.split())
    assert [f"word{number}" for number in range(30) if f"word{number}" not in words] == []


@pytest.mark.office
@pytest.mark.parametrize(
    "content",
    [
        printed_in_part(),
        with_low_row(),
        with_format(";;;"),
        with_format("&quot;&quot;;[Red]&quot; &quot;;;"),
    ],
    ids=["print area", "low row", "no format", "blank format"],
)
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_every_cell_is_drawn(converter: OfficeConverter, content: bytes, extension: str) -> None:
    content, detected_type = saved_as(extension, content)

    rendition = converter.render(content, detected_type)

    assert rendition.pages[0].text.split() == [word for row in ROWS for word in row]
    assert (rendition.reason, rendition.unseen) == ("", ())


@pytest.mark.office
@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("is_high", [True, False])
def test_sheet_that_was_made_to_fit_one_page_can_be_read(
    converter: OfficeConverter, extension: str, is_high: bool
) -> None:
    content, detected_type = saved_as(extension, fitted(250, is_high=is_high))

    rendition = converter.render(content, detected_type)

    words = " ".join(page.text for page in rendition.pages).split()
    assert (set(words) >= {"C0", "C249"}, rendition.reason) == (True, "")
    assert len(rendition.pages) > 4


@pytest.mark.office
def test_sheet_that_is_a_little_smaller_stays_on_its_page(converter: OfficeConverter) -> None:
    assert len(converter.render(fitted(80, is_high=True), XLSX).pages) == 1


@pytest.mark.office
def test_format_that_leaves_zeros_out_stays(converter: OfficeConverter) -> None:
    rendition = converter.render(with_format("#,##0.00;-#,##0.00;;@"), XLSX)

    assert "9,012.00" in rendition.pages[0].text


@pytest.mark.office
def test_cells_that_stay_hidden_are_told(converter: OfficeConverter) -> None:
    rendition = converter.render(with_format(";;;", PROTECTED), XLSX)

    assert "9012" not in rendition.pages[0].text
    assert (rendition.reason, rendition.is_complete) == ("office_cells_left", False)


@pytest.mark.office
def test_workbook_with_too_many_columns_is_told(converter: OfficeConverter) -> None:
    wide = workbook([["7"] * (sheet_layout.MAX_COLUMNS + 1)])

    assert converter.render(wide, XLSX).unseen == ("office_cells_left",)
