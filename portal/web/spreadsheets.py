"""Write tables as CSV and XLSX files whose texts no spreadsheet runs as formulas.

A text that could start a formula gets a mark in front, in both kinds of file (threat W8).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Spreadsheets take the full-width forms for the plain ones, and drop a leading control character.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
MARK = "'"
# The media type's parameters are those of RFC 4180 §3.
CSV_TYPE = "text/csv; charset=utf-8; header=present"
Cell = str | int


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Everything outside of XML 1.0 §2.2, a carriage return, which every parser turns into a line
# feed, and an underscore that would be taken for the start of an escape.
NOT_PLAIN = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write_xlsx(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as an XLSX file with one sheet; its title is ours, of less than 31 characters.

    A cell of the type «text» is not computed (ECMA-376 part 1, §18.3.1), but it becomes a formula
    once the sheet is saved as CSV or the cell is edited: so texts get the same mark as in CSV.
    What XML cannot carry is written as ECMA-376 part 1 §22.9.2.19 says, `_x000D_` for a carriage
    return, and a text that looks like that is escaped as well: every text comes back as it was.

    openpyxl puts the sheet's XML into the temporary folder for a moment and removes it, so nothing
    that names a person belongs here.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        cells: list[object] = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_text(value) if isinstance(value, str) else value)
            # Left to itself, openpyxl would take «=…» for a formula and «#N/A» for an error.
            cell.data_type = "s" if isinstance(value, str) else "n"
            cells.append(cell if value != "" else None)
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def cell_as_it_was(cell: str) -> str:
    """Return the text that `write_xlsx` was given, from a cell's XML.

    >>> cell_as_it_was("'=1+1_x000D_")
    '=1+1\\r'
    """
    return without_mark(ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell))


def _text(value: str) -> str:
    return NOT_PLAIN.sub(lambda found: f"_x{ord(found[0]):04X}_", harmless(value))


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as a CSV file (RFC 4180) in UTF-8 with CRLF.

    Every text is quoted, so that no line break in it ends a row.

    >>> write_csv([["=1+1", 7]])
    b'"\\'=1+1",7\\r\\n'
    """
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs: with MARK in front where it could start a formula.

    Blanks in front of a formula do not hide it from spreadsheets, nor from this.
    """
    if text.lstrip(" ").startswith((*FORMULA_STARTS, MARK)):
        return MARK + text
    return text


def without_mark(cell: str) -> str:
    """Return the text that `harmless` was given."""
    return cell.removeprefix(MARK)
