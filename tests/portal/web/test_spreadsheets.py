"""Check sheets: no text is computed, every text comes back, numbers stay numbers."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from portal.web import spreadsheets
from tests.portal.administration.test_programme_statistics import STARTS

BENIGN = ("", "fewer than 11", "a=b", "'quoted", 'say "x"', " blank in front", "åäö صورة", "#N/A")
UNWIELDY = (
    "line\r\nbreak",
    "nul\0inside",
    "_x000D_",
    "__x0041__",
    "tab\tinside",
    "\ud800",
    "\uffff",
)


def cell_of(text: str) -> object:
    """Write one text and return what a reader finds, after proving that it is a text."""
    sheet = load_workbook(io.BytesIO(spreadsheets.write_xlsx("Numbers", [[text]]))).active
    assert sheet is not None
    cell = sheet["A1"]
    assert cell.data_type == ("s" if text else "n")
    return cell.value


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " "])
def test_no_cell_begins_like_a_formula_and_its_text_comes_back(start: str, before: str) -> None:
    text = f'{before}{start}HYPERLINK("http://evil.example","a;b")'

    cell = cell_of(text)

    assert isinstance(cell, str)
    assert cell.startswith("'")
    assert spreadsheets.cell_as_it_was(cell) == text


@pytest.mark.parametrize("text", [*BENIGN, *UNWIELDY])
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert spreadsheets.cell_as_it_was(str(cell_of(text) or "")) == text


def test_a_sheet_has_texts_and_numbers_and_no_formula() -> None:
    file = spreadsheets.write_xlsx("Numbers", [["what", "value"], ["=1+1", 7]])

    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '<c r="B2" t="n"><v>7</v></c>' in sheet
