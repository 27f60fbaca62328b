"""Tell what a spreadsheet's formula does beside counting: asks a program or the web.

The same formulas stand in workbooks, in their names and conditions, in OpenDocument and in text
that a spreadsheet program opens. What stands between quotes is a value and no formula.
"""

import re
from collections.abc import Iterator

# A text in quotes, and the name of a sheet or a program in apostrophes, in which quotes are none.
QUOTED = re.compile(r"\"(?:[^\"]|\"\")*+\"|'(?:[^']|'')*+'")
# OpenDocument parts the rows of a list of constants by such a bar (OpenFormula §5.14).
CONSTANTS = re.compile(r"\{[^{}!']{0,8192}\}")
# A program and a topic: cmd|'/c calc'!A0. A bar stands nowhere else in a formula.
PROGRAM_AND_TOPIC = re.compile(r"[\w.\\'\"](?:\||[ \t]{1,20}\|[ \t]{0,20}')")
WEB_FUNCTIONS = (
    "WEBSERVICE", "IMAGE", "IMPORTXML", "IMPORTDATA", "IMPORTHTML", "IMPORTFEED", "IMPORTRANGE",
    "STOCKHISTORY",
)  # fmt: skip
# RTD starts a server of COM, CALL and REGISTER.ID call a library, the others are of macro sheets
# and of add-ins.
PROGRAM_FUNCTIONS = ("RTD", "CALL", "REGISTER", "REGISTER.ID", "EXEC", "EVALUATE", "SQL.REQUEST")
DDE_FUNCTIONS = ("DDE", "DDEAUTO")


# A sheet of another file: 'http://a.example/b.ods'#$Sheet.A1, or '\\server\[b.xlsx]Sheet'!A1.
SHEET_OF_FILE = re.compile(r"#(?!REF!)[$'\w]")
FILE_AND_SHEET = re.compile(r"'(?:[a-z]{2,40}://|\\\\)[^\[]*+\[", re.IGNORECASE)


def _call(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for calls of functions in any case.

    A function may stand in brackets, and be passed on to another that calls it, in files under a
    name of a later edition: `_xleta.IMAGE`, `_xlfn.WEBSERVICE`.
    """
    either = "|".join(re.escape(name) for name in names)
    later = r"\b_xl[a-z]{1,8}\.(?:_xl[a-z]{1,8}\.)?"
    return re.compile(
        rf"\b(?:{either})\s*+(?:\)\s*+)*+\(|{later}(?:{either})(?![\w.!])",
        re.IGNORECASE,
    )


# A function of an add-in, which is a library of programs: Excel writes it so into files.
OF_ADD_IN = re.compile(r"(?<![\w.])_xll\.\w", re.IGNORECASE)
CALLS = (
    (OF_ADD_IN, "office_program_call"),
    (_call(WEB_FUNCTIONS), "office_web_service"),
    (_call(PROGRAM_FUNCTIONS), "office_program_call"),
    (_call(DDE_FUNCTIONS), "office_dde"),
)


def of_formula(written: str) -> Iterator[str]:
    """Yield the findings in one formula.

    >>> list(of_formula("IF(1,cmd|'/c calc'!A0)"))
    ['office_dde']
    >>> list(of_formula('"a|b!"&IF(1,"CALL(1)","")')), list(of_formula("SUM('CALL (1)'!A1)"))
    ([], [])
    """
    bare = QUOTED.sub(lambda found: '""' if found[0][0] == '"' else found[0], written)
    called = QUOTED.sub(_without_sheet, written)
    yield from (code for pattern, code in CALLS if pattern.search(called))
    named = PROGRAM_AND_TOPIC.search(CONSTANTS.sub("{}", bare))
    if named and "!" in named.string[named.end() :]:
        yield "office_dde"
    if any(_is_other_file(written, match) for match in QUOTED.finditer(written)):
        yield "office_external_link"


def _without_sheet(quoted: re.Match[str]) -> str:
    """Return what stands for a text, and for the name of a sheet, where calls are looked for."""
    if quoted[0].startswith('"'):
        return '""'
    is_sheet = quoted.string.startswith(("!", "."), quoted.end())
    return "''" if is_sheet else quoted[0]


def _is_other_file(written: str, quoted: re.Match[str]) -> bool:
    """Say whether a name in apostrophes is that of a file, with a sheet of it behind or within."""
    if quoted[0].startswith('"'):
        return False
    if SHEET_OF_FILE.match(written, quoted.end()):
        return True
    is_sheet = written.startswith("!", quoted.end())
    return is_sheet and FILE_AND_SHEET.match(quoted[0]) is not None
