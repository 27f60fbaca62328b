"""Find what plain text does when a spreadsheet program opens it.

Shown as text all of this is harmless; the original is not, so it is reported.
"""

import re
from collections.abc import Iterator

from . import in_cells

SYLK, QUERY = "application/x-sylk", "application/x-ms-iqy"
MAX_FORMULA_CHARS = 64 * 1024
# What parts the cells differs from country to country; None stands for a line of one cell.
DELIMITERS = (None, ",", ";", "\t", "|")
# A cell in quotes may go on in the next line, and doubles the quotes in it.
CELL_IN_QUOTES = re.compile(
    rf"(?:^|[,;\t|])[ \t']{{0,20}}\"((?:[^\"]|\"\"){{0,{MAX_FORMULA_CHARS}}}+)", re.MULTILINE
)
BEFORE_CELL, STARTS = " \t'", ("=", "+", "-", "@")
# In a letter "- call (070-123)" is none, so a function is one behind "=" or without blanks.
FORMULA = re.compile(r"=|[+\-@]\S")
CALL_WITH_BLANKS = re.compile(r"\w\s+\(")
MAYBE = re.compile(
    r"\||_xll\.|"
    + "|".join(
        name.replace(".", r"\.")
        for names in (in_cells.WEB_FUNCTIONS, in_cells.PROGRAM_FUNCTIONS, in_cells.DDE_FUNCTIONS)
        for name in names
    ),
    re.IGNORECASE,
)
SYLK_EXPRESSION = re.compile(r";E([^\r\n]{0,8192})")
SYLK_MACRO = re.compile(
    rb"^O;[^\r\n]*\bE\b|;E[^\r\n]*\b(?:EXEC|CALL|REGISTER|HALT)\(|^NN;N", re.MULTILINE
)
SYLK_START = re.compile(rb"\s*ID;P")
QUERY_START = re.compile(rb"\s*WEB\s*[\r\n]+\s*1\s*[\r\n]+\s*https?://", re.IGNORECASE)


def kind_of_text(content: bytes) -> str | None:
    """Return the media type of text that a spreadsheet program opens as its own, or None."""
    head = content[:1024]
    if SYLK_START.match(head):
        return SYLK
    return QUERY if QUERY_START.match(head) else None


def find_in_text(text: str) -> set[str]:
    """Return what cells of comma-separated text would do: `=IF(1,cmd|'/c calc'!A0)` -> sheet_dde.

    The cells are read as each delimiter would part them, and those in quotes once more.
    """
    if not MAYBE.search(text):
        return set()
    found: set[str] = set()
    for cell in _cells(text):
        codes = set(in_cells.of_formula(cell))
        if not FORMULA.match(cell) or (cell[0] != "=" and CALL_WITH_BLANKS.search(cell)):
            codes &= {"office_dde"} if "|" in cell else set()
        found |= codes
    return _named_for_sheets(found)


def _cells(text: str) -> Iterator[str]:
    """Yield the cells that begin like a formula and may ask something."""
    for quoted in CELL_IN_QUOTES.finditer(text):
        cell = quoted[1].replace('""', '"').lstrip(BEFORE_CELL)
        if cell.startswith(STARTS) and MAYBE.search(cell):
            yield cell
    for line in text.splitlines():
        if MAYBE.search(line):
            cells = (cell for each in DELIMITERS for cell in (line.split(each) if each else [line]))
            for cell in cells:
                begun = cell.lstrip(BEFORE_CELL)
                if begun.startswith(STARTS) and MAYBE.search(begun):
                    yield begun[:MAX_FORMULA_CHARS]


def find_in_sheet(content: bytes, kind: str) -> set[str]:
    """Return the findings in a SYLK file or a web query."""
    if kind == QUERY:
        return {"sheet_query"}
    text = content.decode("latin-1")
    found = find_in_text(text)
    for expression in SYLK_EXPRESSION.finditer(text):
        found |= _named_for_sheets(set(in_cells.of_formula(expression[1].replace(";;", ";"))))
    return found | {"sheet_macro"} if SYLK_MACRO.search(content) else found


def _named_for_sheets(found: set[str]) -> set[str]:
    return {"sheet_dde" if code == "office_dde" else code for code in found}
