"""Find what plain text does when a spreadsheet program opens it.

Shown as text all of this is harmless; the original is not, so it is reported.
"""

import re

SYLK, QUERY = "application/x-sylk", "application/x-ms-iqy"
# A cell that begins like a formula and asks another program: =cmd|'/c calc'!A0
DDE = re.compile(
    r"(?:^|[\r\n,;\t\"|])[\s\"']{0,20}[=+\-@][^\r\n|]{0,200}?[\w.\\]+\|[^\r\n!]{1,1000}!",
    re.MULTILINE,
)
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
    """Return `sheet_dde` when a cell of comma-separated text would start a program."""
    return {"sheet_dde"} if "|" in text and "!" in text and DDE.search(text) else set()


def find_in_sheet(content: bytes, kind: str) -> set[str]:
    """Return the findings in a SYLK file or a web query."""
    if kind == QUERY:
        return {"sheet_query"}
    found = find_in_text(content.decode("latin-1"))
    return found | {"sheet_macro"} if SYLK_MACRO.search(content) else found
