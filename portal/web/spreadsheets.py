"""Sheets: a table as an XLSX file whose texts are only ever text (ECMA-376 part 1, §18.3.1).

A cell of the type «text» is not computed, but becomes a formula once the sheet is saved as CSV
or its cell is edited. So texts get the same mark in front as in `csv_text` (security.md, W8).
What XML cannot carry is written as ECMA-376 §22.9.2.19 says, `_x000D_` for a carriage return,
and a text that looks like that is escaped as well: every text comes back as it was.

openpyxl puts the sheet's XML into the temporary folder for a moment and removes it; so nothing
that names a person belongs here.
"""

import io
import re
from collections.abc import Iterable, Sequence

from portal.web import csv_text
from portal.web.csv_text import Cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Everything outside of XML 1.0 §2.2, a carriage return, which every parser turns into a line
# feed, and an underscore that would be taken for the start of an escape.
NOT_PLAIN = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def write(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as one sheet; its title is ours, and shorter than 31 characters."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        cells: list[object] = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_text(value) if isinstance(value, str) else value)
            # Said, not guessed: openpyxl would take «=…» for a formula and «#N/A» for an error.
            cell.data_type = "s" if isinstance(value, str) else "n"
            cells.append(cell if value != "" else None)
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_it_was(cell: str) -> str:
    """Return the text that `write` was given, from a cell's XML.

    >>> as_it_was("'=1+1_x000D_")
    '=1+1\\r'
    """
    return csv_text.as_it_was(ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell))


def _text(value: str) -> str:
    return NOT_PLAIN.sub(lambda found: f"_x{ord(found[0]):04X}_", csv_text.harmless(value))
