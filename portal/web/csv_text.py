"""Comma-separated values that a spreadsheet reads as text: RFC 4180, with formulas made harmless.

A cell that begins like a formula is run by spreadsheets (security.md, B20; ASVS 5.0 1.2.10).
Such a text gets an apostrophe in front, and so does one that begins with an apostrophe: taking
one away gives every text back as it was. Numbers are written as numbers.
"""

import csv
import io
from collections.abc import Iterable, Sequence

# Spreadsheets take the full-width forms for the plain ones, and drop a control character first.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
MARK = "'"
# RFC 7111 and RFC 4180 §3.
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
Cell = str | int


def write(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as UTF-8 with CRLF; every text is quoted, so that no line break ends a row.

    >>> write([["=1+1", 7]])
    b'"\\'=1+1",7\\r\\n'
    """
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs; blanks in front do not hide a formula."""
    if text.lstrip(" ").startswith((*FORMULA_STARTS, MARK)):
        return MARK + text
    return text


def as_it_was(cell: str) -> str:
    """Return the text that `harmless` was given."""
    return cell.removeprefix(MARK)
